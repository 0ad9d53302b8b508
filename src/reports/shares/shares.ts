import type { CauseKey, Part } from '../../core/attribution/share.ts';
import { replayThread, sharesWithoutThread } from '../../core/attribution/thread-shares.ts';
import { ticketFinder } from '../../core/ticket.ts';
import type {
  AttributionReader,
  AttributedRequest,
  ToolFacts,
} from '../../store/attribution/reader.ts';
import type { LedgerReader } from '../../store/reader.ts';
import {
  type Dimension,
  type KeyRules,
  formatGroupKey,
  isShareDimension,
  isTimeDimension,
  listRecordDimensions,
} from '../dimensions.ts';
import { type GroupKey, type Report, type Sum, toSum } from '../report.ts';
import { type ShareDimension, shareKey, getToolUseId } from './dimensions.ts';
import { type SummaryRequest, summarize } from '../summary.ts';

/** A part of the cost; tokens and requests are not divided. */
export interface ShareGroup {
  key: GroupKey;
  costNanoUsd: Sum;
  costUsd: number;
}

/** Shares of the matching requests; the groups sum exactly to `totals.costNanoUsd`. */
export interface ShareReport extends Omit<Report, 'groups'> {
  groups: ShareGroup[];
}

interface FoundGroup {
  id: string;
  key: Record<string, string | null>;
  cost: bigint;
  timeMs: number;
}

/** Adds shares up by cause, and by the groupings of the requests themselves. */
class ShareSums {
  readonly found = new Map<string, FoundGroup>();
  readonly #by: readonly Dimension[];
  readonly #ofRequest: Dimension[];
  readonly #rules: KeyRules;

  constructor({ by, offset, ticketPattern }: SummaryRequest) {
    this.#by = by;
    this.#ofRequest = by.filter((name) => !isShareDimension(name));
    this.#rules = { offset, ticketOf: ticketFinder(ticketPattern) };
  }

  requestKey(request: AttributedRequest): Record<string, string | null> {
    return formatGroupKey(this.#ofRequest, request.keys, request.occurredAtMs, this.#rules);
  }

  add(
    requestKey: Record<string, string | null>,
    atMs: number,
    share: { key: CauseKey; part: Part; costNanoUsd: number },
    tool: ToolFacts | null,
  ): void {
    const key: Record<string, string | null> = {};
    for (const name of this.#by) {
      key[name] = isShareDimension(name)
        ? shareKey(name as ShareDimension, share.key, share.part, tool)
        : (requestKey[name] ?? null);
    }
    const id = JSON.stringify(Object.values(key));
    const group = this.found.get(id) ?? { id, key, cost: 0n, timeMs: atMs };
    group.cost += BigInt(share.costNanoUsd);
    group.timeMs = Math.min(group.timeMs, atMs);
    this.found.set(id, group);
  }
}

export async function summarizeShares(
  reader: LedgerReader,
  attribution: AttributionReader,
  request: SummaryRequest,
): Promise<ShareReport> {
  const { filter, by } = request;
  const dimensions = listRecordDimensions(by.filter((name) => !isShareDimension(name)));
  const sums = new ShareSums(request);
  for await (const { threads, tools } of attribution.threads(filter, dimensions)) {
    for (const thread of threads) {
      const local = new Local();
      replayThread<AttributedRequest>(thread.steps, (one, { shares }, { context }) => {
        const group = local.groupOf(sums.requestKey(one), one.occurredAtMs);
        for (const { cause, part, costNanoUsd } of shares) {
          const key = context.causes[cause];
          if (key !== undefined) group.add(key, part, costNanoUsd);
        }
      });
      for (const { requestKey, atMs, key, part, costNanoUsd } of local.all()) {
        const id = getToolUseId(key);
        const tool = id === null ? null : (tools.get(id) ?? (await attribution.tool(id)));
        sums.add(requestKey, atMs, { key, part, costNanoUsd }, tool);
      }
    }
  }
  for await (const page of attribution.requestsWithoutThread(filter, dimensions)) {
    for (const one of page) {
      const requestKey = sums.requestKey(one);
      for (const share of sharesWithoutThread(one))
        sums.add(requestKey, one.occurredAtMs, share, null);
    }
  }
  const summary = await summarize(reader, { ...request, by: [], hasBreakdown: false });
  return { ...summary, groups: buildShareGroups([...sums.found.values()], request) };
}

/**
 * The shares of one thread by index of the cause: most of its requests have the same causes, so names are
 * resolved last.
 */
class Local {
  readonly #groups = new Map<string, LocalGroup>();

  groupOf(requestKey: Record<string, string | null>, atMs: number): LocalGroup {
    const id = JSON.stringify(Object.values(requestKey));
    const existing = this.#groups.get(id);
    if (existing !== undefined) {
      existing.atMs = Math.min(existing.atMs, atMs);
      return existing;
    }
    const group = new LocalGroup(requestKey, atMs);
    this.#groups.set(id, group);
    return group;
  }

  *all(): Generator<{
    requestKey: Record<string, string | null>;
    atMs: number;
    key: CauseKey;
    part: Part;
    costNanoUsd: number;
  }> {
    for (const { requestKey, atMs, costs } of this.#groups.values()) {
      for (const [key, byPart] of costs) {
        for (const [part, costNanoUsd] of byPart)
          yield { requestKey, atMs, key, part, costNanoUsd };
      }
    }
  }
}

class LocalGroup {
  readonly requestKey: Record<string, string | null>;
  atMs: number;
  readonly costs = new Map<CauseKey, Map<Part, number>>();

  constructor(requestKey: Record<string, string | null>, atMs: number) {
    this.requestKey = requestKey;
    this.atMs = atMs;
  }

  add(key: CauseKey, part: Part, costNanoUsd: number): void {
    let byPart = this.costs.get(key);
    if (byPart === undefined) {
      byPart = new Map();
      this.costs.set(key, byPart);
    }
    byPart.set(part, (byPart.get(part) ?? 0) + costNanoUsd);
  }
}

function buildShareGroups(found: FoundGroup[], { by, order, limit }: SummaryRequest): ShareGroup[] {
  const isByTime = by[0] !== undefined && isTimeDimension(by[0]);
  const direction = order ?? (isByTime ? 'asc' : 'desc');
  found.sort((a, b) => {
    const byTime = isByTime ? a.timeMs - b.timeMs : 0;
    if (byTime !== 0) return direction === 'asc' ? byTime : -byTime;
    if (a.cost === b.cost) return a.id < b.id ? -1 : 1;
    const byCost = a.cost < b.cost ? 1 : -1;
    return isByTime || direction === 'desc' ? byCost : -byCost;
  });
  const isNewest = isByTime && direction === 'asc';
  const shown = limit === null ? found : isNewest ? found.slice(-limit) : found.slice(0, limit);
  const groups: ShareGroup[] = shown.map(({ key, cost }) => shareGroup(key, cost));
  if (shown.length === found.length) return groups;
  const all = found.reduce((sum, { cost }) => sum + cost, 0n);
  const rest = all - shown.reduce((sum, { cost }) => sum + cost, 0n);
  return [...groups, shareGroup({ other: true }, rest)];
}

function shareGroup(key: ShareGroup['key'], cost: bigint): ShareGroup {
  return { key, costNanoUsd: toSum(cost), costUsd: Number(cost) / 1e9 };
}
