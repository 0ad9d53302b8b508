import { expect } from 'vitest';
import type { CauseKey, Part } from '../../src/core/attribution/share.ts';
import { replayThread, sharesWithoutThread } from '../../src/core/attribution/thread-shares.ts';
import type { StepOutcome } from '../../src/core/attribution/replay.ts';
import type { Dimension } from '../../src/reports/dimensions.ts';
import { summarizeShares } from '../../src/reports/shares/shares.ts';
import { AttributionReader, type AttributedRequest } from '../../src/store/attribution/reader.ts';
import type { Ledger } from '../../src/store/connection/open.ts';
import { LedgerReader, NO_FILTER, type RecordFilter } from '../../src/store/reader.ts';
import { requestOf } from './report-sums.ts';

/** One share of a request's cost, by name. */
export interface NamedShare {
  cause: CauseKey['cause'];
  /** The id of a tool call, a server's tool, or an attached file; else empty. */
  detail: string;
  part: Part;
  costNanoUsd: number;
}

/** A request as attribution reports it. */
export interface ToldRequest {
  request: AttributedRequest;
  /** The thread that has it; null if there is none. */
  agentId: string | null;
  /** Null if no thread has it. */
  outcome: StepOutcome | null;
  shares: NamedShare[];
}

/** Yields every request of the ledger that has shares, one after another. */
async function tellAll(db: Ledger, tell: (told: ToldRequest) => void): Promise<void> {
  const reader = new AttributionReader(db);
  for await (const { threads } of reader.threads(NO_FILTER, [])) {
    for (const { agentId, steps } of threads) {
      replayThread<AttributedRequest>(steps, (request, outcome, { context }) => {
        const shares = outcome.shares.map(({ cause, part, costNanoUsd }) => {
          const key = context.causes[cause];
          if (key === undefined) throw new Error(`${request.id}: a share of no cause`);
          return { ...key, part, costNanoUsd };
        });
        tell({ request, agentId, outcome, shares });
      });
    }
  }
  for await (const page of reader.requestsWithoutThread(NO_FILTER, [])) {
    for (const request of page) {
      const shares = sharesWithoutThread(request).map(({ key, part, costNanoUsd }) => {
        return { ...key, part, costNanoUsd };
      });
      tell({ request, agentId: null, outcome: null, shares });
    }
  }
}

/**
 * Every request of the ledger by its id, with its shares.
 * @throws if a request is reported twice
 */
export async function toldRequests(db: Ledger): Promise<Map<string, ToldRequest>> {
  const told = new Map<string, ToldRequest>();
  await tellAll(db, (one) => {
    if (told.has(one.request.id)) throw new Error(`${one.request.id} is told of twice`);
    told.set(one.request.id, { ...one, shares: sorted(one.shares) });
  });
  return told;
}

/** Counts requests, and those whose shares do not add up to their cost; for histories larger than memory. */
export async function countInexact(db: Ledger): Promise<{ told: number; inexact: string[] }> {
  const seen = new Set<number>();
  const inexact: string[] = [];
  await tellAll(db, ({ request, shares }) => {
    const isExact = sumOf(shares) === (request.costNanoUsd ?? 0);
    if (!isExact || seen.has(request.seq)) inexact.push(request.id);
    seen.add(request.seq);
  });
  return { told: seen.size, inexact };
}

/** The shares of each request by its id, summed by cause and part, for comparison. */
export type SharesByRequest = Record<string, NamedShare[]>;

export async function sharesOf(db: Ledger): Promise<SharesByRequest> {
  const told = await toldRequests(db);
  const ids = [...told.keys()].toSorted();
  return Object.fromEntries(ids.map((id) => [id, told.get(id)?.shares ?? []]));
}

function sorted(shares: NamedShare[]): NamedShare[] {
  const sums = new Map<string, NamedShare>();
  for (const share of shares) {
    const id = JSON.stringify([share.part, share.cause, share.detail]);
    const known = sums.get(id);
    if (known === undefined) sums.set(id, { ...share });
    else known.costNanoUsd += share.costNanoUsd;
  }
  return [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, share]) => share);
}

/** Checks that every priced request has shares, which are positive integers and add up to its cost. */
export async function expectExactShares(db: Ledger): Promise<SharesByRequest> {
  const shares = await sharesOf(db);
  const rows = db
    .prepare('SELECT id, cost_nano_usd AS cost FROM cost_records WHERE cost_nano_usd IS NOT NULL')
    .all() as { id: string; cost: number }[];
  const sums = rows.map(({ id }) => [id, sumOf(shares[id] ?? [])]);
  expect(Object.fromEntries(sums)).toEqual(
    Object.fromEntries(rows.map(({ id, cost }) => [id, cost])),
  );
  for (const { costNanoUsd } of Object.values(shares).flat()) {
    expect(Number.isSafeInteger(costNanoUsd) && costNanoUsd > 0).toBe(true);
  }
  return shares;
}

export function sumOf(shares: readonly NamedShare[]): number {
  return shares.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
}

/** The groupings of shares: each dimension alone, and pairs with dimensions of the request. */
const GROUPINGS: Dimension[][] = [
  ...(['cause', 'part', 'file', 'command', 'plugin', 'tool', 'mcp-server', 'skill'] as const).map(
    (name): Dimension[] => [name],
  ),
  ['cause', 'part'],
  ['tool', 'part'],
  ['file', 'tool'],
  ['cause', 'model'],
  ['session', 'cause'],
  ['day', 'part'],
  ['prompt', 'cause', 'part'],
  ['ticket', 'mcp-server'],
  ['agent', 'command'],
];

/** Checks that every grouping of shares adds up to the total, with and without a limit and filters. */
export async function expectShareSums(db: Ledger): Promise<void> {
  for (const [index, by] of GROUPINGS.entries()) {
    await expectSharesSum(db, by, index % 3 === 0 ? 2 : null, NO_FILTER);
  }
  for (const filter of filtersOf(db)) await expectSharesSum(db, ['cause', 'tool'], null, filter);
}

async function expectSharesSum(
  db: Ledger,
  by: Dimension[],
  limit: number | null,
  filter: RecordFilter,
): Promise<void> {
  const request = requestOf(by, { limit, filter });
  const report = await summarizeShares(new LedgerReader(db), new AttributionReader(db), request);
  const sum = report.groups.reduce((all, { costNanoUsd }) => all + BigInt(costNanoUsd), 0n);
  const total = BigInt(report.totals.costNanoUsd);
  expect({ by, filter, sum }).toEqual({ by, filter, sum: total });
  expect(total).toBe(costBehind(db, filter));
  const keys = report.groups.map(({ key }) => JSON.stringify(key));
  expect(new Set(keys).size).toBe(keys.length);
}

function costBehind(db: Ledger, { sessionId, model, untilMs }: RecordFilter): bigint {
  const sql = `SELECT CAST(coalesce(sum(cost_nano_usd), 0) AS TEXT) FROM cost_records
    WHERE session_id = coalesce(?, session_id) AND model = coalesce(?, model)
      AND occurred_at_ms < coalesce(?, 9e15)`;
  return BigInt(String(db.prepare(sql).pluck().get(sessionId, model, untilMs)));
}

/** A session, a model, and half of the time. */
function filtersOf(db: Ledger): RecordFilter[] {
  const pick = (column: string): unknown =>
    db.prepare(`SELECT ${column} FROM cost_records ORDER BY id LIMIT 1`).pluck().get() ?? null;
  const middle = db
    .prepare('SELECT CAST(avg(occurred_at_ms) AS INTEGER) FROM cost_records')
    .pluck()
    .get() as number | null;
  return [
    { ...NO_FILTER, sessionId: pick('session_id') as string },
    { ...NO_FILTER, model: pick('model') as string },
    { ...NO_FILTER, untilMs: middle },
  ];
}
