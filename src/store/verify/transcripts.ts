import type { Ledger } from '../connection/open.ts';
import type { VerifyCheck } from '../../core/finding.ts';
import { contentChecks } from './contents.ts';
import { runCheck } from './ledger.ts';

/** All files that the ledger has read, including those that no longer exist, and whose they are. */
export function filesRead(db: Ledger): { path: string; client: string }[] {
  return db.prepare('SELECT path, client FROM transcripts ORDER BY path').all() as {
    path: string;
    client: string;
  }[];
}

/**
 * Compares a ledger with one newly built from the transcripts that exist. A difference is not a fault if
 * it may come from a transcript that was deleted, is growing, or was not read yet: `reduced` contains
 * the sessions of which the ledger has read more than exists, `unread` those of which it has read less,
 * `rewritten` those whose files were replaced.
 * @param fresh the new ledger; the other one is attached to it
 */
export function verifyTranscripts(fresh: Ledger, ledgerPath: string): VerifyCheck[] {
  return withTranscripts(fresh, ledgerPath, () => [
    runCheck(NAMES.missing, () => missing(fresh)),
    runCheck(NAMES.counts, () => counts(fresh)),
    runCheck(NAMES.more, () => more(fresh)),
    runCheck(NAMES.owners, () => owners(fresh)),
    runCheck(NAMES.twice, () => twice(fresh)),
    runCheck(NAMES.gone, () => gone(fresh)),
    runCheck(NAMES.costs, () => costs(fresh)),
    ...contentChecks(fresh).map(([name, check]) => runCheck(name, check)),
  ]);
}

/** Runs `check` with both ledgers in one connection, and with the tables `unread` and `reduced`. */
export function withTranscripts<Result>(
  fresh: Ledger,
  ledgerPath: string,
  check: () => Result,
): Result {
  fresh.prepare('ATTACH DATABASE ? AS ledger').run(ledgerPath);
  try {
    fresh.exec(SESSIONS);
    return check();
  } finally {
    fresh.exec('DETACH DATABASE ledger');
  }
}

const NAMES = {
  missing: 'requests in the transcripts',
  counts: 'their counts',
  more: 'requests in rewritten transcripts',
  owners: 'their sessions and agents',
  twice: 'requests counted twice',
  gone: 'requests in deleted transcripts',
  costs: "their costs at today's prices",
};

/**
 * The path of a transcript names its session. An empty session id (subagents of old versions of Claude
 * Code) may be any session, so it counts as all.
 */
const SESSIONS = `
  CREATE TEMP TABLE unread AS SELECT DISTINCT f.session_id FROM main.transcripts f
    LEFT JOIN ledger.transcripts l ON l.path = f.path
    WHERE l.path IS NULL OR l.cursor_bytes < f.cursor_bytes;
  CREATE TEMP TABLE reduced AS SELECT DISTINCT l.session_id FROM ledger.transcripts l
    LEFT JOIN main.transcripts f ON f.path = l.path
    WHERE f.path IS NULL OR f.cursor_bytes < l.cursor_bytes;
  CREATE TEMP TABLE rewritten AS SELECT DISTINCT t.session_id FROM ledger.transcripts t
    JOIN ledger.thread_state s ON s.transcript_id = t.id
    WHERE iif(json_valid(s.state_json), s.state_json ->> '$.trace.generation', 0) > 0;
  CREATE TEMP TABLE everyone AS SELECT session_id FROM main.cost_records
    UNION SELECT session_id FROM ledger.cost_records;
  INSERT INTO unread SELECT session_id FROM everyone
    WHERE EXISTS (SELECT 1 FROM unread WHERE session_id = '');
  INSERT INTO reduced SELECT session_id FROM everyone
    WHERE EXISTS (SELECT 1 FROM reduced WHERE session_id = '');
  INSERT INTO rewritten SELECT session_id FROM everyone
    WHERE EXISTS (SELECT 1 FROM rewritten WHERE session_id = '');
  CREATE INDEX temp.unread_session ON unread (session_id);
  CREATE INDEX temp.reduced_session ON reduced (session_id);`;

/** A record of the ledger (\`l\`) joined with the same one of the new ledger (\`f\`). */
const BOTH = 'FROM ledger.cost_records l JOIN main.cost_records f ON f.id = l.id';

/** True if no transcript that may contain a record, including a fork's, is in a session of the table. */
const isOutside = (table: 'unread' | 'reduced' | 'rewritten'): string =>
  `l.session_id NOT IN (SELECT session_id FROM ${table})
   AND NOT EXISTS (SELECT 1 FROM ledger.record_claims h JOIN ${table} u USING (session_id)
     WHERE h.record_seq = l.seq)`;

interface Found {
  id: string;
  session_id: string;
}

function missing(db: Ledger): VerifyCheck {
  const rows = `FROM main.cost_records f
    WHERE NOT EXISTS (SELECT 1 FROM ledger.cost_records l WHERE l.id = f.id)
      AND NOT EXISTS (SELECT 1 FROM ledger.replays p WHERE p.id = f.id)`;
  const lost = some(db, `${rows} AND f.session_id NOT IN (SELECT session_id FROM unread)`);
  const all = count(db, 'FROM main.cost_records');
  const unread = count(db, rows) - lost.count;
  const later = unread > 0 ? `, ${unread} not read yet` : '';
  return {
    name: NAMES.missing,
    isSound: lost.count === 0,
    found:
      lost.count === 0 ? `all ${all}${later}` : `${lost.count} of ${all} missing: ${lost.names}`,
  };
}

/**
 * The increase of a counter: how many there are depends on when the counter was read, so only their sums can
 * be compared.
 */
const isCounter = (row: 'l' | 'f'): string =>
  `coalesce(${row}.metadata, '') LIKE '%"isCounter":true%'`;

const COUNTS = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_1h_tokens'];
COUNTS.push('web_search_requests', 'is_output_final');
const DESCRIBING = ['model_raw', 'service_tier', 'speed', 'inference_geo'];

function compared(sign: '<' | '>'): string {
  const writes = (row: string): string =>
    `${row}.cache_write_5m_tokens + ${row}.cache_write_1h_tokens`;
  const fields = COUNTS.map((name) => `l.${name} ${sign} f.${name}`);
  return [...fields, `${writes('l')} ${sign} ${writes('f')}`].join(' OR ');
}

/** Merging keeps the larger count, so a smaller one than in the transcript is always wrong. */
function counts(db: Ledger): VerifyCheck {
  const rows = `${BOTH} WHERE ${isOutside('unread')} AND NOT (${isCounter('l')}) AND (${compared('<')})`;
  const differing = some(db, rows);
  if (differing.count > 0) return verdict(NAMES.counts, differing, 'too small');
  return verdict(NAMES.counts, some(db, `${COUNTERS} WHERE ${compared('<')}`), 'too small');
}

const sumCounters = (ledger: 'ledger' | 'main', row: 'l' | 'f'): string => {
  const columns = [...COUNTS, 'cache_write_5m_tokens'].map((name) => `sum(${name}) AS ${name}`);
  return `(SELECT session_id, session_id AS id, ${columns.join(', ')}
    FROM ${ledger}.cost_records ${row} WHERE ${isCounter(row)} GROUP BY session_id) ${row}`;
};

/** The sums of each session whose counters were read to the same point. */
const COUNTERS = `FROM ${sumCounters('main', 'f')} JOIN ${sumCounters('ledger', 'l')} USING (session_id)
  JOIN (SELECT session_id FROM everyone EXCEPT SELECT session_id FROM unread) USING (session_id)`;

/** Larger counts are right if the transcript had them before it was rewritten, which can't be checked. */
function more(db: Ledger): VerifyCheck {
  const different = DESCRIBING.map((name) => `l.${name} IS NOT f.${name}`).join(' OR ');
  const differing = some(
    db,
    `${BOTH} WHERE ${isOutside('unread')} AND ${isOutside('reduced')}
       AND NOT (${isCounter('l')}) AND (${compared('>')} OR ${different}) AND NOT (${compared('<')})`,
  );
  const { count: total, names } = differing;
  const found = total === 0 ? 'none' : `${total} differ from the transcript: ${names}`;
  return { name: NAMES.more, isSound: true, found };
}

function owners(db: Ledger): VerifyCheck {
  const differing = some(
    db,
    `${BOTH} WHERE (l.session_id <> f.session_id OR l.agent_id IS NOT f.agent_id)
      AND ${isOutside('unread')} AND ${isOutside('reduced')} AND ${isOutside('rewritten')}
      AND f.session_id NOT IN (SELECT session_id FROM reduced UNION SELECT session_id FROM unread
        UNION SELECT session_id FROM rewritten)`,
  );
  return verdict(NAMES.owners, differing, 'differ');
}

const EXTRA = `FROM ledger.cost_records l WHERE l.source <> 'payload' AND NOT (${isCounter('l')})
  AND NOT EXISTS (SELECT 1 FROM main.cost_records f WHERE f.id = l.id)`;

/** Requests that the transcripts contain under another id, or as a subagent's copy that is not billed. */
function twice(db: Ledger): VerifyCheck {
  // core/record/identity.ts builds the ids: all ids of a message begin with the message's id and a bar.
  const duplicates = some(
    db,
    `${EXTRA} AND ${isOutside('unread')} AND ${isOutside('reduced')} AND ${isOutside('rewritten')} AND (
      EXISTS (SELECT 1 FROM main.replays p WHERE p.id = l.id)
      OR EXISTS (SELECT 1 FROM main.cost_records f JOIN ledger.cost_records o ON o.id = f.id
        WHERE f.id >= l.message_id || '|' AND f.id < l.message_id || '}'))`,
  );
  return verdict(NAMES.twice, duplicates, 'found');
}

/** Keeping these requests is what the ledger is for. */
function gone(db: Ledger): VerifyCheck {
  const { count: requests, names } = some(db, EXTRA);
  const found = requests === 0 ? 'none' : `${requests}, only in the ledger: ${names}`;
  return { name: NAMES.gone, isSound: true, found };
}

/**
 * Different prices are not a fault: prices change, and requests keep theirs. Another cost under the same
 * price id is reported.
 */
function costs(db: Ledger): VerifyCheck {
  const row = db
    .prepare(
      `SELECT count(*) AS requests, coalesce(sum(l.price_id IS f.price_id), 0) AS same,
         coalesce(sum(l.cost_nano_usd), 0) / 1e9 AS ours, coalesce(sum(f.cost_nano_usd), 0) / 1e9 AS today
       ${BOTH} WHERE l.cost_nano_usd IS NOT f.cost_nano_usd AND l.input_tokens = f.input_tokens
         AND l.output_tokens = f.output_tokens AND l.cache_read_tokens = f.cache_read_tokens
         AND l.cache_write_5m_tokens = f.cache_write_5m_tokens
         AND l.cache_write_1h_tokens = f.cache_write_1h_tokens`,
    )
    .get() as { requests: number; same: number; ours: number; today: number };
  const { requests, same, ours, today } = row;
  const also = same > 0 ? `, ${same} of them with the same price id` : '';
  const found =
    requests === 0
      ? 'the same'
      : `${requests} would cost $${today.toFixed(6)} instead of $${ours.toFixed(6)}${also}`;
  return { name: NAMES.costs, isSound: true, found };
}

function verdict(name: string, rows: { count: number; names: string }, what: string): VerifyCheck {
  const isSound = rows.count === 0;
  return {
    name,
    isSound,
    found: isSound ? `none ${what}` : `${rows.count} ${what}: ${rows.names}`,
  };
}

function count(db: Ledger, rows: string): number {
  return db.prepare(`SELECT count(*) ${rows}`).pluck().get() as number;
}

/** The number of rows, and the first three by name. */
function some(db: Ledger, rows: string): { count: number; names: string } {
  const alias = rows.startsWith('FROM main.') ? 'f' : 'l';
  const first = db
    .prepare(`SELECT ${alias}.id, ${alias}.session_id ${rows} ORDER BY 1 LIMIT 3`)
    .all() as Found[];
  const total = first.length < 3 ? first.length : count(db, rows);
  const names = first.map((row) => `${row.id} (session ${row.session_id})`).join(', ');
  return { count: total, names: total > first.length ? `${names} ...` : names };
}
