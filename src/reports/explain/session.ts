import { storedAgentType } from '../../core/record/agent-type.ts';
import type { AgentFacts, AttributionReader, ToolFacts } from '../../store/attribution/reader.ts';
import type { LedgerReader } from '../../store/reader.ts';
import {
  Bill,
  type CacheMiss,
  CallSums,
  type Explained,
  type ExplainedCall,
  type ExplainedPart,
  buildHead,
  toCacheMisses,
  walkShares,
} from './explain.ts';
import { type Report, type Sum, toSum } from '../report.ts';
import type { SummaryRequest } from '../summary.ts';

/** One prompt and everything it set off, including subagents. */
export interface ExplainedTurn {
  /** From 1, in chronological order; null for requests of an unknown prompt. */
  number: number | null;
  promptId: string | null;
  startedAt: string;
  requests: number;
  /** The main thread's context before the first request and after the last one. Null without one. */
  contextBeforeTokens: number | null;
  contextAfterTokens: number | null;
  /** The cost of what was in the context already. */
  carriedNanoUsd: Sum;
  costNanoUsd: Sum;
}

/** One run of a subagent. */
export interface ExplainedRun {
  agentId: string;
  agentType: string | null;
  parentAgentId: string | null;
  /** The call that started it; null if unknown. */
  startedByToolUseId: string | null;
  promptId: string | null;
  startedAt: string;
  requests: number;
  costNanoUsd: Sum;
  /** Including the subagents that it started itself. */
  costWithNestedNanoUsd: Sum;
}

/** Lists contain the most expensive of each kind; parts, turns and runs are complete. */
export interface SessionExplanation extends Omit<Report, 'groups'> {
  sessionId: string;
  parts: ExplainedPart[];
  turns: ExplainedTurn[];
  runs: ExplainedRun[];
  topCalls: ExplainedCall[];
  cacheMisses: CacheMiss[];
}

interface Turn {
  promptId: string | null;
  startMs: number;
  requests: number;
  before: number | null;
  after: number | null;
  carried: bigint;
  cost: bigint;
}

interface Run {
  startMs: number;
  promptId: string | null;
  requests: number;
  cost: bigint;
}

export async function explainSession(
  reader: LedgerReader,
  attribution: AttributionReader,
  request: SummaryRequest,
  sessionId: string,
): Promise<SessionExplanation> {
  const filter = { ...request.filter, sessionId };
  const bill = new Bill(false);
  const calls = new CallSums();
  const misses: CacheMiss[] = [];
  const turns = new Map<string | null, Turn>();
  const runs = new Map<string, Run>();
  const tools: Map<string, ToolFacts> = await walkShares(attribution, filter, (explained) => {
    bill.add(explained.shares);
    calls.add(explained.shares);
    misses.push(...toCacheMisses(explained));
    addTurn(turns, explained);
    if (explained.agentId !== '') addRun(runs, explained);
  });
  const { groups: _, ...head } = await buildHead(reader, { ...request, filter });
  misses.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  return {
    ...head,
    sessionId,
    parts: bill.parts(tools),
    turns: listTurns(turns),
    runs: listRuns(runs, await attribution.agents(sessionId)),
    topCalls: calls.selectTop(tools, request.limit ?? 10),
    cacheMisses: misses,
  };
}

function sumShares({ shares }: Explained): bigint {
  return shares.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd), 0n);
}

function addTurn(turns: Map<string | null, Turn>, explained: Explained): void {
  const { request, agentId, shares, context } = explained;
  const atMs = request.occurredAtMs;
  const turn = turns.get(request.promptId) ?? {
    promptId: request.promptId,
    startMs: atMs,
    requests: 0,
    before: null,
    after: null,
    carried: 0n,
    cost: 0n,
  };
  turns.set(request.promptId, turn);
  turn.startMs = Math.min(turn.startMs, atMs);
  turn.requests++;
  turn.cost += sumShares(explained);
  for (const { part, costNanoUsd } of shares) {
    if (part === 'carried-input' || part === 'rewritten-input') turn.carried += BigInt(costNanoUsd);
  }
  if (agentId !== '' || context === null) return;
  turn.before ??= context.carried;
  turn.after = context.prompt + request.outputTokens;
}

function addRun(runs: Map<string, Run>, explained: Explained): void {
  const { request, agentId } = explained;
  const { occurredAtMs: startMs, promptId } = request;
  const run = runs.get(agentId) ?? { startMs, promptId, requests: 0, cost: 0n };
  runs.set(agentId, run);
  run.startMs = Math.min(run.startMs, startMs);
  run.requests++;
  run.cost += sumShares(explained);
}

function listTurns(turns: Map<string | null, Turn>): ExplainedTurn[] {
  const inOrder = [...turns.values()].sort((a, b) => a.startMs - b.startMs);
  let number = 0;
  return inOrder.map((turn) => ({
    number: turn.promptId === null ? null : ++number,
    promptId: turn.promptId,
    startedAt: new Date(turn.startMs).toISOString(),
    requests: turn.requests,
    contextBeforeTokens: turn.before,
    contextAfterTokens: turn.after,
    carriedNanoUsd: toSum(turn.carried),
    costNanoUsd: toSum(turn.cost),
  }));
}

function listRuns(runs: Map<string, Run>, agents: AgentFacts[]): ExplainedRun[] {
  const facts = new Map(agents.map((agent) => [agent.agentId, agent]));
  const getParent = (agentId: string): string | null => facts.get(agentId)?.parentAgentId ?? null;
  const nested = new Map([...runs].map(([agentId, { cost }]) => [agentId, cost]));
  for (const [agentId, { cost }] of runs) {
    // Each ancestor counts once, because a forged file could contain a cycle of parents.
    const seen = new Set([agentId]);
    for (let up = getParent(agentId); up !== null && !seen.has(up); up = getParent(up)) {
      seen.add(up);
      nested.set(up, (nested.get(up) ?? 0n) + cost);
    }
  }
  const inOrder = [...runs].sort(([, a], [, b]) => a.startMs - b.startMs);
  return inOrder.map(([agentId, { startMs, promptId, requests, cost }]) => ({
    agentId,
    agentType: storedAgentType({
      isMainThread: false,
      agentId,
      agentType: facts.get(agentId)?.agentType ?? null,
    }),
    parentAgentId: getParent(agentId),
    startedByToolUseId: facts.get(agentId)?.startedByToolUseId ?? null,
    promptId,
    startedAt: new Date(startMs).toISOString(),
    requests,
    costNanoUsd: toSum(cost),
    costWithNestedNanoUsd: toSum(nested.get(agentId) ?? cost),
  }));
}
