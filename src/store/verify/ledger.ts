import type { VerifyCheck } from '../../core/finding.ts';
import { scopeOfKey } from '../../core/budget/budget.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { builtinPrices } from '../../pricing/builtin/table.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import { MEASURES, recordSums } from '../rollups/measures.ts';
import type { Ledger } from '../connection/open.ts';
import { GRAIN_BUCKETS } from '../rollups/grains.ts';
import { scopeConditions, scopeDimension } from '../rollups/scopes.ts';
import { ROLLUP_DIMENSIONS } from '../rollups/writer.ts';
import { checkCosts } from './costs.ts';
import { checkSchema } from './schema.ts';
import { structureChecks } from './structure.ts';

/**
 * Checks the file, its schema and references, every cost, every roll-up against its rows, and every table
 * against the others. Never throws.
 * @param prices the prices that apply now; those of records are found by the ids stored with them
 */
export function verifyLedger(db: Ledger, prices = builtinPrices()): VerifyCheck[] {
  return [...quickChecks(db, prices), ...sumChecks(db)].map(([name, check]) =>
    runCheck(name, check),
  );
}

/** The checks of `verifyLedger` without those of sums, which take most of the time. */
export function verifyQuickly(db: Ledger, prices: PriceTable): VerifyCheck[] {
  return quickChecks(db, prices).map(([name, check]) => runCheck(name, check));
}

type Checks = [name: string, check: () => VerifyCheck][];

function quickChecks(db: Ledger, prices: PriceTable): Checks {
  return [
    ['file integrity', () => integrity(db)],
    ['tables, indexes and triggers', () => checkSchema(db)],
    ['references', () => foreignKeys(db)],
    ['roll-up queue', () => nothingPending(db)],
    ['costs of requests', () => checkCosts(db, [prices, builtinPrices()])],
    ...structureChecks(db),
  ];
}

function sumChecks(db: Ledger): Checks {
  return [
    ...Object.entries(ROLLUP_DIMENSIONS).map(([name, key]): [string, () => VerifyCheck] => [
      `roll-up by ${name}`,
      () => rollup(db, name, `coalesce(${key}, '')`, GRAIN_BUCKETS),
    ]),
    [
      'roll-up by project-model-agent',
      () => rollup(db, 'project-model-agent', COMPOSITE_KEY, { day: GRAIN_BUCKETS.day }),
    ],
    ['roll-ups of budgets', () => scopes(db)],
    ['session totals', () => sessions(db)],
  ];
}

/** A check that throws has found a fault. */
export function runCheck(name: string, check: () => VerifyCheck): VerifyCheck {
  try {
    return check();
  } catch (error) {
    return { name, isSound: false, found: toErrorMessage(error) };
  }
}

const EVERY_ROW: { conditions: string[]; values: string[] } = { conditions: ['true'], values: [] };
const COMPOSITE_KEY = 'json_array(project_id, model, agent_type)';

function scopes(db: Ledger): VerifyCheck {
  const keys = db.prepare('SELECT scope_json FROM rollup_scopes').pluck().all() as string[];
  const checks = keys.map((key) => {
    const scope = scopeOfKey(key);
    return rollup(db, scopeDimension(scope), `''`, GRAIN_BUCKETS, scopeConditions(scope));
  });
  const wrong = checks
    .filter((check) => !check.isSound)
    .map(({ name, found }) => `${name}: ${found}`);
  const name = 'roll-ups of budgets';
  return { name, isSound: wrong.length === 0, found: wrong.join('; ') || `${keys.length} checked` };
}

function integrity(db: Ledger): VerifyCheck {
  const result = String(db.pragma('integrity_check(1)', { simple: true }));
  return { name: 'file integrity', isSound: result === 'ok', found: result };
}

function foreignKeys(db: Ledger): VerifyCheck {
  const count = (db.pragma('foreign_key_check') as unknown[]).length;
  return { name: 'references', isSound: count === 0, found: `${count} broken` };
}

function nothingPending(db: Ledger): VerifyCheck {
  const count = db.prepare('SELECT count(*) FROM rollup_pending').pluck().get() as number;
  return { name: 'roll-up queue', isSound: count === 0, found: `${count} waiting` };
}

/** Compares in both directions: an extra bucket is as wrong as a missing one. */
function rollup(
  db: Ledger,
  dimension: string,
  key: string,
  buckets: Partial<typeof GRAIN_BUCKETS>,
  { conditions, values } = EVERY_ROW,
): VerifyCheck {
  let wrong = 0;
  for (const [grain, bucket] of Object.entries(buckets)) {
    const rows = `SELECT ${bucket} AS b, CAST(${key} AS TEXT) AS k, ${recordSums('r')} FROM cost_records r
      WHERE ${conditions.join(' AND ')} GROUP BY b, k`;
    const stored = `SELECT bucket_ms, key, ${MEASURES.join(', ')} FROM rollups
      WHERE dimension = ? AND grain = '${grain}' AND requests <> 0`;
    wrong += db
      .prepare(
        `SELECT count(*) FROM (SELECT * FROM (${rows} EXCEPT ${stored})
         UNION ALL SELECT * FROM (${stored} EXCEPT ${rows}))`,
      )
      .pluck()
      .get(...values, dimension, dimension, ...values) as number;
  }
  return { name: `roll-up by ${dimension}`, isSound: wrong === 0, found: `${wrong} differences` };
}

function sessions(db: Ledger): VerifyCheck {
  const stored = `SELECT session_id, first_at_ms, last_at_ms, ${MEASURES.join(', ')}
    FROM sessions WHERE requests <> 0`;
  const rows = `SELECT session_id, min(occurred_at_ms), max(occurred_at_ms), ${recordSums('r')}
    FROM cost_records r GROUP BY session_id`;
  const wrong = db
    .prepare(
      `SELECT count(*) FROM (SELECT * FROM (${rows} EXCEPT ${stored})
       UNION ALL SELECT * FROM (${stored} EXCEPT ${rows}))`,
    )
    .pluck()
    .get() as number;
  return { name: 'session totals', isSound: wrong === 0, found: `${wrong} differences` };
}
