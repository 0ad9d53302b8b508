import type { AuxiliaryKind } from '../../core/transcript/entry.ts';
import type { Ledger } from '../connection/open.ts';

/** How often a session shows evidence of something that costs, besides its records. */
export type AuxiliaryCounts = Record<AuxiliaryKind | 'web-search' | 'web-fetch', number>;

const TOOLS = new Map<string, keyof AuxiliaryCounts>([
  ['WebSearch', 'web-search'],
  ['WebFetch', 'web-fetch'],
]);

export function noAuxiliaryCounts(): AuxiliaryCounts {
  return { compaction: 0, title: 0, 'prompt-hook': 0, 'web-search': 0, 'web-fetch': 0 };
}

/** Merges the counts of one session from two ledgers, each of which may be incomplete. */
export function mergeAuxiliaryCounts(a: AuxiliaryCounts, b: AuxiliaryCounts): AuxiliaryCounts {
  const names = Object.keys(a) as (keyof AuxiliaryCounts)[];
  return Object.fromEntries(
    names.map((name) => [name, Math.max(a[name], b[name])]),
  ) as AuxiliaryCounts;
}

/**
 * Counts by session. A fork's copy of a line is its parent's: it counts for the session that began
 * first.
 * @param sessions null: all
 */
export function countAuxiliary(
  db: Ledger,
  sessions: readonly string[] | null,
): Map<string, AuxiliaryCounts> {
  const among = (column: string): string =>
    sessions === null ? '' : `AND ${column} IN (SELECT value FROM json_each(?))`;
  const bound = sessions === null ? [] : [JSON.stringify(sessions)];
  const auxiliary = db
    .prepare(
      `SELECT session_id AS sessionId, kind, sum(requests) AS count FROM (
         SELECT a.session_id, a.kind, a.requests, row_number() OVER (
           PARTITION BY a.kind, iif(a.kind = 'title', a.session_id, a.key)
           ORDER BY s.born_at_ms, a.session_id) AS place
         FROM main.auxiliary_requests a LEFT JOIN main.sessions s USING (session_id))
       WHERE place = 1 ${among('session_id')} GROUP BY session_id, kind`,
    )
    .all(...bound) as { sessionId: string; kind: AuxiliaryKind; count: number }[];
  const tools = db
    .prepare(
      `SELECT r.session_id AS sessionId, t.name AS kind, count(*) AS count
       FROM main.cost_records r JOIN main.tool_uses t ON t.record_seq = r.seq
       WHERE t.name IN ('WebSearch', 'WebFetch') ${among('r.session_id')} GROUP BY 1, 2`,
    )
    .all(...bound) as { sessionId: string; kind: string; count: number }[];
  const counts = new Map<string, AuxiliaryCounts>();
  for (const { sessionId, kind, count } of [...auxiliary, ...tools]) {
    const evidence = counts.get(sessionId) ?? noAuxiliaryCounts();
    evidence[TOOLS.get(kind) ?? (kind as AuxiliaryKind)] += count;
    counts.set(sessionId, evidence);
  }
  return counts;
}
