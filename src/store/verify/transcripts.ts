import type { Ledger } from '../connection/open.ts';
import type { VerifyCheck } from '../../core/finding.ts';
import { runCheck } from './ledger.ts';

/** Paths of all transcripts that the ledger has read, also of those that are gone. */
export function transcriptPaths(db: Ledger): string[] {
  return db.prepare('SELECT path FROM transcripts ORDER BY path').pluck().all() as string[];
}

/**
 * Compares a ledger with one made afresh from the transcripts that exist. Nothing in the ledger is
 * a fault that a transcript may have told which is gone, grows, or is not read yet: `untold` are
 * the sessions of which the ledger has read more, `unread` those of which it has read less.
 * @param fresh the fresh ledger; the other one is attached to it
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
  ]);
}

/** Both ledgers in one connection, with the tables `unread` and `untold`. */
export function withTranscripts<Result>(
  fresh: Ledger,
  ledgerPath: string,
  look: () => Result,
): Result {
  fresh.prepare('ATTACH DATABASE ? AS ledger').run(ledgerPath);
  try {
    fresh.exec(SESSIONS);
    return look();
  } finally {
    fresh.exec('DETACH DATABASE ledger');
  }
}

const NAMES = {
  missing: 'requests of the transcripts',
  counts: 'their counts',
  more: 'requests of transcripts that were rewritten',
  owners: 'their sessions and agents',
  twice: 'requests counted twice',
  gone: 'requests of transcripts that are gone',
  costs: 'their costs at the prices of today',
};

/**
 * The place of a transcript names its session; an empty one (subagents of old clients) may be any,
 * so it stands for all.
 */
const SESSIONS = `
  CREATE TEMP TABLE unread AS SELECT DISTINCT f.session_id FROM main.transcripts f
    LEFT JOIN ledger.transcripts l ON l.path = f.path
    WHERE l.path IS NULL OR l.cursor_bytes < f.cursor_bytes;
  CREATE TEMP TABLE untold AS SELECT DISTINCT l.session_id FROM ledger.transcripts l
    LEFT JOIN main.transcripts f ON f.path = l.path
    WHERE f.path IS NULL OR f.cursor_bytes < l.cursor_bytes;
  CREATE TEMP TABLE everyone AS SELECT session_id FROM main.cost_records
    UNION SELECT session_id FROM ledger.cost_records;
  INSERT INTO unread SELECT session_id FROM everyone
    WHERE EXISTS (SELECT 1 FROM unread WHERE session_id = '');
  INSERT INTO untold SELECT session_id FROM everyone
    WHERE EXISTS (SELECT 1 FROM untold WHERE session_id = '');
  CREATE INDEX temp.unread_session ON unread (session_id);
  CREATE INDEX temp.untold_session ON untold (session_id);`;

/** A record of the ledger (\`l\`) beside the same one of the fresh ledger (\`f\`). */
const BOTH = 'FROM ledger.cost_records l JOIN main.cost_records f ON f.id = l.id';

/** All transcripts that may have told of a record, a fork's too, stand there as they were read. */
const isTold = (table: 'unread' | 'untold'): string =>
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

const COUNTS = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_1h_tokens'];
COUNTS.push('web_search_requests', 'is_output_final');
const DESCRIBING = ['model_raw', 'service_tier', 'speed', 'inference_geo'];

function compared(sign: '<' | '>'): string {
  const writes = (row: string): string =>
    `${row}.cache_write_5m_tokens + ${row}.cache_write_1h_tokens`;
  const fields = COUNTS.map((name) => `l.${name} ${sign} f.${name}`);
  return [...fields, `${writes('l')} ${sign} ${writes('f')}`].join(' OR ');
}

/** Merging takes the larger, so less than a transcript says is never right. */
function counts(db: Ledger): VerifyCheck {
  const found = some(db, `${BOTH} WHERE ${isTold('unread')} AND (${compared('<')})`);
  return verdict(NAMES.counts, found, 'too small');
}

/** More is right where a transcript that said so was written anew; nobody can tell afterwards. */
function more(db: Ledger): VerifyCheck {
  const different = DESCRIBING.map((name) => `l.${name} IS NOT f.${name}`).join(' OR ');
  const found = some(
    db,
    `${BOTH} WHERE ${isTold('unread')} AND ${isTold('untold')}
       AND (${compared('>')} OR ${different}) AND NOT (${compared('<')})`,
  );
  const said = found.count === 0 ? 'none' : `${found.count} otherwise than now: ${found.names}`;
  return { name: NAMES.more, isSound: true, found: said };
}

function owners(db: Ledger): VerifyCheck {
  const found = some(
    db,
    `${BOTH} WHERE (l.session_id <> f.session_id OR l.agent_id IS NOT f.agent_id)
      AND ${isTold('unread')} AND ${isTold('untold')}
      AND f.session_id NOT IN (SELECT session_id FROM untold UNION SELECT session_id FROM unread)`,
  );
  return verdict(NAMES.owners, found, 'differ');
}

const EXTRA = `FROM ledger.cost_records l WHERE l.source <> 'payload'
  AND NOT EXISTS (SELECT 1 FROM main.cost_records f WHERE f.id = l.id)`;

/** What the transcripts tell under another name, or as a subagent's copy that is not billed. */
function twice(db: Ledger): VerifyCheck {
  // As core/identity.ts builds them: all identities of a message begin with its id and a bar.
  const found = some(
    db,
    `${EXTRA} AND ${isTold('unread')} AND ${isTold('untold')} AND (
      EXISTS (SELECT 1 FROM main.replays p WHERE p.id = l.id)
      OR EXISTS (SELECT 1 FROM main.cost_records f JOIN ledger.cost_records o ON o.id = f.id
        WHERE f.id >= l.message_id || '|' AND f.id < l.message_id || '}'))`,
  );
  return verdict(NAMES.twice, found, 'found');
}

/** What the ledger is for. */
function gone(db: Ledger): VerifyCheck {
  const { count: requests, names } = some(db, EXTRA);
  const found = requests === 0 ? 'none' : `${requests}, kept here alone: ${names}`;
  return { name: NAMES.gone, isSound: true, found };
}

/** Prices change, requests keep theirs: no fault. The same price with another cost is worth a look. */
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
  const also = same > 0 ? `, ${same} of them under a price of the same name` : '';
  const found =
    requests === 0
      ? 'the same'
      : `${requests} would cost $${today.toFixed(6)} instead of $${ours.toFixed(6)}${also}`;
  return { name: NAMES.costs, isSound: true, found };
}

function verdict(name: string, found: { count: number; names: string }, what: string): VerifyCheck {
  const isSound = found.count === 0;
  return {
    name,
    isSound,
    found: isSound ? `none ${what}` : `${found.count} ${what}: ${found.names}`,
  };
}

function count(db: Ledger, rows: string): number {
  return db.prepare(`SELECT count(*) ${rows}`).pluck().get() as number;
}

/** How many rows, and the first three by name. */
function some(db: Ledger, rows: string): { count: number; names: string } {
  const alias = rows.startsWith('FROM main.') ? 'f' : 'l';
  const first = db
    .prepare(`SELECT ${alias}.id, ${alias}.session_id ${rows} ORDER BY 1 LIMIT 3`)
    .all() as Found[];
  const total = first.length < 3 ? first.length : count(db, rows);
  const names = first.map((row) => `${row.id} (session ${row.session_id})`).join(', ');
  return { count: total, names: total > first.length ? `${names} ...` : names };
}
