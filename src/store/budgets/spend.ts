import { type BudgetScope, type BudgetWindow, scopeKey } from '../../core/budget/budget.ts';
import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';
import { coverRange } from '../rollups/range.ts';
import { scopeConditions, scopeDimension } from '../rollups/scopes.ts';
import { buildRangeConditions } from '../rollups/conditions.ts';

/** Sums over the requests that count for a budget. */
export interface BudgetSpend {
  costNanoUsd: number;
  /** The part that is priced as another model. */
  estimatedCostNanoUsd: number;
  unpricedRequests: number;
}

const SUMS = `coalesce(sum(cost_nano_usd), 0) AS costNanoUsd,
  coalesce(sum(estimated_cost_nano_usd), 0) AS estimatedCostNanoUsd,
  coalesce(sum(unpriced_requests), 0) AS unpricedRequests`;
const ROW_SUMS = `coalesce(sum(r.cost_nano_usd), 0) AS costNanoUsd,
  coalesce(sum(iif(r.price_basis = 'fallback', r.cost_nano_usd, 0)), 0) AS estimatedCostNanoUsd,
  coalesce(sum(r.cost_nano_usd IS NULL), 0) AS unpricedRequests`;

/** Scopes of a single fact that every ledger rolls up. */
const DIMENSIONS: Partial<Record<keyof BudgetScope, string>> = {
  project: 'project',
  model: 'model',
  agentType: 'agent-type',
  tool: 'tool',
  provider: 'provider',
  client: 'client',
};

/** Whether every ledger rolls up this scope, without a budget requiring it. */
export function hasBudgetRollup(scope: BudgetScope): boolean {
  const facts = listScopeFacts(scope);
  return (
    facts.length === 0 || (facts.length === 1 && DIMENSIONS[facts[0] ?? 'branch'] !== undefined)
  );
}

/** The time range in which requests count. */
export type SpentWindow = Pick<BudgetWindow, 'sinceMs' | 'untilMs'>;

/**
 * Spend in a time range, from roll-ups, so equally fast on a ledger of any size. A scope without a
 * roll-up yet is summed from the rows of that range.
 */
export function spentInRange(db: Ledger, scope: BudgetScope, window: SpentWindow): BudgetSpend {
  if (!hasBudgetRollup(scope) && !isRolledUp(db, scope)) return spentByRows(db, scope, window);
  const { buckets } = coverRange(window.sinceMs, window.untilMs, 'month', 'quarter');
  const { dimension, key, values } = selectRollup(scope);
  const ranges = buildRangeConditions(buckets);
  const sql = `SELECT ${SUMS} FROM ${ranges.from} rollups
    WHERE dimension = ? AND key = ${key} AND ${ranges.conditions.join(' AND ')}`;
  return prepared(db, sql).get(dimension, ...values) as BudgetSpend;
}

function isRolledUp(db: Ledger, scope: BudgetScope): boolean {
  const sql = 'SELECT 1 FROM rollup_scopes WHERE scope_json = ?';
  return prepared(db, sql).get(scopeKey(scope)) !== undefined;
}

function spentByRows(
  db: Ledger,
  scope: BudgetScope,
  { sinceMs, untilMs }: SpentWindow,
): BudgetSpend {
  const { conditions, values } = scopeConditions(scope);
  const where = ['r.occurred_at_ms >= ?', 'r.occurred_at_ms < ?', ...conditions];
  return db
    .prepare(`SELECT ${ROW_SUMS} FROM cost_records r WHERE ${where.join(' AND ')}`)
    .get(sinceMs ?? 0, untilMs ?? Number.MAX_SAFE_INTEGER, ...values) as BudgetSpend;
}

/** Where a scope's roll-ups are: its dimension, the expression of its key, and the values of that. */
function selectRollup(scope: BudgetScope): { dimension: string; key: string; values: string[] } {
  const [fact] = listScopeFacts(scope);
  if (fact === undefined) return { dimension: 'all', key: `''`, values: [] };
  const dimension = hasBudgetRollup(scope) ? DIMENSIONS[fact] : undefined;
  if (dimension === undefined) return { dimension: scopeDimension(scope), key: `''`, values: [] };
  const key = fact === 'project' ? '(SELECT CAST(id AS TEXT) FROM projects WHERE root = ?)' : '?';
  return { dimension, key, values: [scope[fact] ?? ''] };
}

/** Spend in the given sessions, by one prompt if `promptId` is given. */
export function spentInSessions(
  db: Ledger,
  scope: BudgetScope,
  sessions: readonly string[],
  promptId: string | null,
): BudgetSpend {
  const list = JSON.stringify(sessions);
  const among = 'session_id IN (SELECT value FROM json_each(?))';
  if (promptId === null && listScopeFacts(scope).length === 0) {
    return prepared(db, `SELECT ${SUMS} FROM sessions WHERE ${among}`).get(list) as BudgetSpend;
  }
  const { conditions, values } = scopeConditions(scope);
  const where = [`r.${among}`, ...conditions, ...(promptId === null ? [] : ['r.prompt_id = ?'])];
  const sql = `SELECT ${ROW_SUMS} FROM cost_records r WHERE ${where.join(' AND ')}`;
  const prompt = promptId === null ? [] : [promptId];
  return prepared(db, sql).get(list, ...values, ...prompt) as BudgetSpend;
}

/**
 * A session and all that share its budget, i.e. the sessions it was forked from and all their forks;
 * oldest first.
 */
export function selectFamily(db: Ledger, sessionId: string): string[] {
  return db
    .prepare(
      `WITH RECURSIVE up (id, depth) AS (
         VALUES (?, 0)
         UNION SELECT s.parent_session_id, depth + 1 FROM up JOIN sessions s ON s.session_id = up.id
         WHERE s.parent_session_id IS NOT NULL AND depth < 100),
       oldest (id) AS (SELECT id FROM up ORDER BY depth DESC LIMIT 1),
       down (id) AS (
         SELECT id FROM oldest
         UNION SELECT s.session_id FROM down JOIN sessions s ON s.parent_session_id = down.id)
       SELECT id FROM down`,
    )
    .pluck()
    .all(sessionId) as string[];
}

function listScopeFacts(scope: BudgetScope): (keyof BudgetScope)[] {
  return (Object.keys(scope) as (keyof BudgetScope)[]).filter((name) => scope[name] !== null);
}
