import type { MissReason } from '../../core/attribution/cache-miss.ts';
import { type CauseKey, type Cause, PARTS, type Part } from '../../core/attribution/share.ts';
import { replayThread, sharesWithoutThread } from '../../core/attribution/thread-shares.ts';
import type {
  AttributionReader,
  AttributedRequest,
  ToolFacts,
} from '../../store/attribution/reader.ts';
import type { LedgerReader, RecordFilter } from '../../store/reader.ts';
import { type Report, type Sum, toSum } from '../report.ts';
import { serverTool, getToolUseId } from '../shares/dimensions.ts';
import { type SummaryRequest, summarize } from '../summary.ts';

/** One cause of one part of the cost. */
export interface ExplainedCause {
  cause: Cause;
  /** Present for a tool use; null for everything else. */
  tool: string | null;
  toolUseId: string | null;
  file: string | null;
  costNanoUsd: Sum;
}

/** A part of the cost with its causes: the causes sum exactly to the part, the parts to the total. */
export interface ExplainedPart {
  part: Part;
  costNanoUsd: Sum;
  causes: ExplainedCause[];
}

/** A tool call with its total cost. */
export interface ExplainedCall {
  toolUseId: string;
  tool: string | null;
  mcpServer: string | null;
  file: string | null;
  command: string | null;
  /**
   * Cost of writing the call, of reading call and result into the context, and of re-sending them with
   * every later request.
   */
  calledNanoUsd: Sum;
  readNanoUsd: Sum;
  carriedNanoUsd: Sum;
  costNanoUsd: Sum;
}

export interface CacheMiss {
  requestId: string;
  sessionId: string;
  occurredAt: string;
  model: string;
  agentId: string | null;
  reason: MissReason;
  rewrittenTokens: number;
  costNanoUsd: number;
}

/** Called with each request and its shares by cause. */
export type OnExplained = (explained: Explained) => void;

export interface Explained {
  request: AttributedRequest;
  agentId: string;
  shares: { key: CauseKey; part: Part; costNanoUsd: number }[];
  /** Null if the request belongs to no thread. */
  context: { prompt: number; carried: number; rewritten: number; entered: number } | null;
  miss: { reason: MissReason; costNanoUsd: number } | null;
}

/** The context that a request was sent with; nulls if no transcript shows it. */
export interface ContextTokens {
  promptTokens: number | null;
  carriedTokens: number | null;
  rewrittenTokens: number | null;
  enteredTokens: number | null;
}

export function contextTokens({ context }: Explained): ContextTokens {
  return {
    promptTokens: context?.prompt ?? null,
    carriedTokens: context?.carried ?? null,
    rewrittenTokens: context?.rewritten ?? null,
    enteredTokens: context?.entered ?? null,
  };
}

/** Goes through all matching requests with their shares, and collects what is known about the tools. */
export async function walkShares(
  attribution: AttributionReader,
  filter: RecordFilter,
  onRequest: OnExplained,
): Promise<Map<string, ToolFacts>> {
  const known = new Map<string, ToolFacts>();
  for await (const { threads, tools } of attribution.threads(filter, [])) {
    for (const [id, facts] of tools) known.set(id, facts);
    for (const { agentId, steps } of threads) {
      replayThread<AttributedRequest>(steps, (request, outcome, { context }) => {
        const shares = outcome.shares.flatMap(({ cause, part, costNanoUsd }) => {
          const key = context.causes[cause];
          return key === undefined ? [] : [{ key, part, costNanoUsd }];
        });
        const { promptTokens, carriedTokens, rewrittenTokens, enteredTokens, miss } = outcome;
        const counts = {
          prompt: promptTokens,
          carried: carriedTokens,
          rewritten: rewrittenTokens,
          entered: enteredTokens,
        };
        onRequest({ request, agentId, shares, context: counts, miss });
      });
    }
  }
  for await (const page of attribution.requestsWithoutThread(filter, [])) {
    for (const request of page) {
      const shares = sharesWithoutThread(request);
      onRequest({ request, agentId: '', shares, context: null, miss: null });
    }
  }
  return known;
}

/** Adds shares up by part and cause. @param isFine keeps each tool call separate */
export class Bill {
  readonly #isFine: boolean;
  readonly #costs = new Map<Part, Map<string, { key: CauseKey; cost: bigint }>>();

  constructor(isFine: boolean) {
    this.#isFine = isFine;
  }

  add(shares: Explained['shares']): void {
    for (const { key, part, costNanoUsd } of shares) {
      const causes = this.#costs.get(part) ?? new Map<string, { key: CauseKey; cost: bigint }>();
      this.#costs.set(part, causes);
      const id = `${key.cause}\n${key.detail}`;
      const known = causes.get(id);
      if (known === undefined) causes.set(id, { key, cost: BigInt(costNanoUsd) });
      else known.cost += BigInt(costNanoUsd);
    }
  }

  parts(tools: ReadonlyMap<string, ToolFacts>): ExplainedPart[] {
    return PARTS.flatMap((part): ExplainedPart[] => {
      const causes = this.#costs.get(part);
      if (causes === undefined) return [];
      const found = new Map<string, ExplainedCause & { cost: bigint }>();
      let whole = 0n;
      for (const { key, cost } of causes.values()) {
        whole += cost;
        const cause = explainedCause(key, tools, this.#isFine);
        const id = JSON.stringify([cause.cause, cause.tool, cause.toolUseId, cause.file]);
        const known = found.get(id);
        if (known === undefined) found.set(id, { ...cause, cost });
        else known.cost += cost;
      }
      const sorted = [...found].sort(([idA, a], [idB, b]) =>
        a.cost === b.cost ? (idA < idB ? -1 : 1) : a.cost < b.cost ? 1 : -1,
      );
      return [
        {
          part,
          costNanoUsd: toSum(whole),
          causes: sorted.map(([, { cost, ...cause }]) => ({ ...cause, costNanoUsd: toSum(cost) })),
        },
      ];
    });
  }
}

function explainedCause(
  key: CauseKey,
  tools: ReadonlyMap<string, ToolFacts>,
  isFine: boolean,
): Omit<ExplainedCause, 'costNanoUsd'> & { costNanoUsd: 0 } {
  const toolUseId = getToolUseId(key);
  const tool = toolUseId === null ? null : (tools.get(toolUseId) ?? null);
  const isFile = key.cause === 'attachment' && key.detail !== '';
  return {
    cause: key.cause,
    tool: tool?.name ?? serverTool(key),
    toolUseId: isFine ? toolUseId : null,
    file: isFine ? (tool?.filePath ?? (isFile ? key.detail : null)) : null,
    costNanoUsd: 0,
  };
}

/** Each tool call with the cost of calling, of reading, and since. */
export class CallSums {
  readonly #calls = new Map<string, { called: bigint; read: bigint; carried: bigint }>();

  add(shares: Explained['shares']): void {
    for (const { key, part, costNanoUsd } of shares) {
      const id = getToolUseId(key);
      if (id === null) continue;
      const call = this.#calls.get(id) ?? { called: 0n, read: 0n, carried: 0n };
      this.#calls.set(id, call);
      call[COLUMNS[part]] += BigInt(costNanoUsd);
    }
  }

  selectTop(tools: ReadonlyMap<string, ToolFacts>, limit: number): ExplainedCall[] {
    const all = [...this.#calls].map(([toolUseId, sums]) => ({
      toolUseId,
      ...sums,
      cost: sums.called + sums.read + sums.carried,
    }));
    all.sort((a, b) =>
      a.cost === b.cost ? (a.toolUseId < b.toolUseId ? -1 : 1) : a.cost < b.cost ? 1 : -1,
    );
    return all.slice(0, limit).map(({ toolUseId, called, read, carried, cost }) => {
      const tool = tools.get(toolUseId) ?? null;
      return {
        toolUseId,
        tool: tool?.name ?? null,
        mcpServer: tool?.mcpServer ?? null,
        file: tool?.filePath ?? null,
        command: tool?.commandWord ?? null,
        calledNanoUsd: toSum(called),
        readNanoUsd: toSum(read),
        carriedNanoUsd: toSum(carried),
        costNanoUsd: toSum(cost),
      };
    });
  }
}

const COLUMNS = {
  output: 'called',
  'new-input': 'read',
  'carried-input': 'carried',
  'rewritten-input': 'carried',
  'web-search': 'called',
} as const satisfies Record<Part, string>;

export function toCacheMisses({ request, agentId, context, miss }: Explained): CacheMiss[] {
  if (miss === null || context === null) return [];
  return [
    {
      requestId: request.id,
      sessionId: request.sessionId,
      occurredAt: new Date(request.occurredAtMs).toISOString(),
      model: request.model,
      agentId: agentId === '' ? null : agentId,
      reason: miss.reason,
      rewrittenTokens: context.rewritten,
      costNanoUsd: miss.costNanoUsd,
    },
  ];
}

/** The basis of every explanation: the totals of the same filter. */
export async function buildHead(reader: LedgerReader, request: SummaryRequest): Promise<Report> {
  return summarize(reader, { ...request, by: [], hasBreakdown: false });
}
