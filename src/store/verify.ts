import { messageOf } from '../core/message-of.ts';
import { MEASURES, measureExpression } from './measures.ts';
import type { Ledger } from './open.ts';
import { QUARTER_HOUR_MS, ROLLUP_DIMENSIONS } from './rollup.ts';

export interface Check {
  name: string;
  isSound: boolean;
  /** One line on what was found. */
  found: string;
}

/** Checks the file, its references, and every roll-up against the rows it adds up. Never throws. */
export function verifyLedger(db: Ledger): Check[] {
  const checks: [name: string, check: () => Check][] = [
    ['file integrity', () => integrity(db)],
    ['references', () => foreignKeys(db)],
    ['roll-up queue', () => nothingPending(db)],
    ...Object.entries(ROLLUP_DIMENSIONS).map(([name, key]): [string, () => Check] => [
      `roll-up by ${name}`,
      () => rollup(db, name, `coalesce(${key}, '')`, GRAINS),
    ]),
    [
      'roll-up by project-model-agent',
      () => rollup(db, 'project-model-agent', COMPOSITE_KEY, { day: GRAINS.day }),
    ],
    ['session totals', () => sessions(db)],
  ];
  return checks.map(([name, check]) => checked(name, check));
}

/** A check that can't be made has found a fault. */
export function checked(name: string, check: () => Check): Check {
  try {
    return check();
  } catch (error) {
    return { name, isSound: false, found: messageOf(error) };
  }
}

/** Each grain's bucket of a row. */
const GRAINS = {
  quarter: `occurred_at_ms - occurred_at_ms % ${QUARTER_HOUR_MS}`,
  day: 'occurred_at_ms - occurred_at_ms % 86400000',
  month: `unixepoch(occurred_at_ms / 1000, 'unixepoch', 'start of month') * 1000`,
};
const COMPOSITE_KEY = 'json_array(project_id, model, agent_type)';

function integrity(db: Ledger): Check {
  const found = String(db.pragma('integrity_check(1)', { simple: true }));
  return { name: 'file integrity', isSound: found === 'ok', found };
}

function foreignKeys(db: Ledger): Check {
  const count = (db.pragma('foreign_key_check') as unknown[]).length;
  return { name: 'references', isSound: count === 0, found: `${count} broken` };
}

function nothingPending(db: Ledger): Check {
  const count = db.prepare('SELECT count(*) FROM rollup_pending').pluck().get() as number;
  return { name: 'roll-up queue', isSound: count === 0, found: `${count} waiting` };
}

const rowSums = MEASURES.map((name) => measureExpression(name)).join(', ');

/** Both directions: a bucket too many is as wrong as one too few. */
function rollup(
  db: Ledger,
  dimension: string,
  key: string,
  buckets: Partial<typeof GRAINS>,
): Check {
  let wrong = 0;
  for (const [grain, bucket] of Object.entries(buckets)) {
    const rows = `SELECT ${bucket} AS b, CAST(${key} AS TEXT) AS k, ${rowSums} FROM cost_records GROUP BY b, k`;
    const kept = `SELECT bucket_ms, key, ${MEASURES.join(', ')} FROM rollups
      WHERE dimension = '${dimension}' AND grain = '${grain}' AND requests <> 0`;
    wrong += db
      .prepare(
        `SELECT count(*) FROM (SELECT * FROM (${rows} EXCEPT ${kept})
         UNION ALL SELECT * FROM (${kept} EXCEPT ${rows}))`,
      )
      .pluck()
      .get() as number;
  }
  return { name: `roll-up by ${dimension}`, isSound: wrong === 0, found: `${wrong} differences` };
}

function sessions(db: Ledger): Check {
  const kept = `SELECT session_id, ${MEASURES.join(', ')} FROM sessions WHERE requests <> 0`;
  const rows = `SELECT session_id, ${rowSums} FROM cost_records GROUP BY session_id`;
  const wrong = db
    .prepare(
      `SELECT count(*) FROM (SELECT * FROM (${rows} EXCEPT ${kept})
       UNION ALL SELECT * FROM (${kept} EXCEPT ${rows}))`,
    )
    .pluck()
    .get() as number;
  return { name: 'session totals', isSound: wrong === 0, found: `${wrong} differences` };
}
