import { cacheSavings } from '../pricing/cache-savings.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import type { LedgerReader } from '../store/reader.ts';
import type { RequestReader, RequestRow, ToolCallRow } from '../store/records/request-reader.ts';
import type { Dimension } from './dimensions.ts';
import { type Group, type PlainGroup, type Report, type Sum, toSum } from './report.ts';
import { type SummaryRequest, summarize } from './summary.ts';

/** Identified by its number in the session and its time, because the text of a prompt is not stored. */
export interface PromptGroup extends PlainGroup {
  /** From 1, in chronological order; null for requests of an unknown prompt, and for the rest. */
  number: number | null;
  startedAt: string | null;
}

export interface ExpensiveToolCall extends Omit<ToolCallRow, 'calledAtMs' | 'requestCostNanoUsd'> {
  calledAt: string;
  /** The cost of the whole request, which may have called other tools too. */
  requestCostNanoUsd: Sum | null;
}

/**
 * A summary of a finished session. Each of its lists sums to the totals, if necessary by a last group of
 * others.
 */
export interface SessionSummary {
  startedAt: string;
  endedAt: string;
  /** Active time: time between its requests, without pauses of more than five minutes. */
  activeMs: number;
  /** Nano-USD per hour of activity; null below a minute, which is too short for a rate. */
  burnRateNanoUsdPerHour: Sum | null;
  /** Cache reads divided by all input tokens, 0 to 1; null without any input. */
  cacheHitRatio: number | null;
  /** Signed; null if the price of one of the requests is no longer known. */
  cacheSavedNanoUsd: Sum | null;
  /** Its coding agents: one, unless two programs use the same id. */
  clients: string[];
  byModel: Group[];
  byAgent: Group[];
  byTool: Group[];
  byPrompt: PromptGroup[];
  topRequests: RecordJson[];
  topToolCalls: ExpensiveToolCall[];
}

export interface SessionReport extends Report {
  /** Null if the end of the session is not known. */
  session: SessionSummary | null;
}

/** Longer pauses are the user's, not the agent's. */
const LONGEST_PAUSE_MS = 300_000;
const MIN_ACTIVE_MS = 60_000;
const HOUR_MS = 3_600_000n;
/** Most entries of each list. */
const SHOWN = 5;

/** Statistics from going through the requests of a session one by one. */
interface SessionScan {
  firstMs: number;
  lastMs: number;
  activeMs: number;
  savedNanoUsd: bigint | null;
  /** The time of each prompt's first request, in order. */
  prompts: Map<string, number>;
  topRequests: RecordJson[];
}

export async function sessionReport(
  reader: LedgerReader,
  requests: RequestReader,
  prices: PriceTable,
  request: SummaryRequest,
): Promise<SessionReport> {
  const report = await summarize(reader, request);
  const walk = await scanRequests(requests.pages(request.filter, 'asc'), prices);
  if (walk === null) return { ...report, session: null };
  const by = async (...names: Dimension[]): Promise<Group[]> =>
    (await summarize(reader, { ...request, by: names, limit: SHOWN, order: null })).groups;
  const { totals } = report;
  const read = Number(totals.cacheReadTokens);
  const input =
    Number(totals.inputTokens) +
    read +
    Number(totals.cacheWrite5mTokens) +
    Number(totals.cacheWrite1hTokens);
  const calls = await requests.topToolCalls(request.filter, SHOWN);
  return {
    ...report,
    session: {
      startedAt: new Date(walk.firstMs).toISOString(),
      endedAt: new Date(walk.lastMs).toISOString(),
      activeMs: walk.activeMs,
      burnRateNanoUsdPerHour: burnRate(BigInt(totals.costNanoUsd), walk.activeMs),
      cacheHitRatio: input > 0 ? read / input : null,
      cacheSavedNanoUsd: walk.savedNanoUsd === null ? null : toSum(walk.savedNanoUsd),
      clients: (await by('client')).map(({ key }) => String(key['client'])),
      byModel: await by('model'),
      byAgent: await by('agent-type', 'agent'),
      byTool: await by('tool'),
      byPrompt: promptGroups(await by('prompt'), walk.prompts),
      topRequests: walk.topRequests,
      topToolCalls: calls.map(({ calledAtMs, ...call }) => ({
        ...call,
        calledAt: new Date(calledAtMs).toISOString(),
      })),
    },
  };
}

async function scanRequests(
  pages: AsyncIterable<RequestRow[]>,
  prices: PriceTable,
): Promise<SessionScan | null> {
  let walk: SessionScan | null = null;
  for await (const page of pages) {
    for (const { record, draft } of page) {
      const { occurredAtMs: atMs, costNanoUsd } = record;
      walk ??= {
        firstMs: atMs,
        lastMs: atMs,
        activeMs: 0,
        savedNanoUsd: 0n,
        prompts: new Map(),
        topRequests: [],
      };
      const pause = atMs - walk.lastMs;
      if (pause <= LONGEST_PAUSE_MS) walk.activeMs += pause;
      walk.lastMs = atMs;
      const { promptId } = record;
      if (promptId !== null && !walk.prompts.has(promptId)) {
        walk.prompts.set(promptId, atMs);
      }
      if (walk.savedNanoUsd !== null) {
        const cost = costNanoUsd === null ? null : Number(costNanoUsd);
        const saved = cacheSavings(draft(), cost, prices);
        walk.savedNanoUsd = saved === null ? null : walk.savedNanoUsd + BigInt(saved);
      }
      insertTop(walk.topRequests, record);
    }
  }
  return walk;
}

function insertTop(top: RecordJson[], record: RecordJson): void {
  const cost = Number(record.costNanoUsd ?? -1);
  const at = top.findIndex((other) => Number(other.costNanoUsd ?? -1) < cost);
  if (at < 0 && top.length >= SHOWN) return;
  top.splice(at < 0 ? top.length : at, 0, record);
  if (top.length > SHOWN) top.pop();
}

function burnRate(costNanoUsd: bigint, activeMs: number): Sum | null {
  if (activeMs < MIN_ACTIVE_MS) return null;
  return toSum((costNanoUsd * HOUR_MS) / BigInt(activeMs));
}

function promptGroups(groups: Group[], prompts: ReadonlyMap<string, number>): PromptGroup[] {
  const numbers = new Map([...prompts.keys()].map((id, index) => [id, index + 1]));
  return groups.map(({ key, ...totals }) => {
    const id = typeof key['prompt'] === 'string' ? key['prompt'] : '';
    const startedAtMs = prompts.get(id);
    return {
      key,
      number: numbers.get(id) ?? null,
      startedAt: startedAtMs === undefined ? null : new Date(startedAtMs).toISOString(),
      ...totals,
    };
  });
}
