import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Home } from './home.ts';

/** One request as a transcript line describes it; omitted fields have defaults. */
export interface RequestFacts {
  session: string;
  /** The id of the message; the request id is derived from it. */
  id: string;
  at?: string;
  model?: string;
  input?: number;
  output?: number;
  read?: number;
  write5m?: number;
  write1h?: number;
  searches?: number;
  /** Tool calls as [tool use id, name]. */
  tools?: [id: string, name: string][];
  cwd?: string;
  branch?: string;
  version?: string;
  agentId?: string;
  agentType?: string;
  /** The skill that was active when the request was made. */
  skill?: string;
  promptId?: string;
  /** False: the line was written before the response had ended. */
  isFinal?: boolean;
}

const AT = '2026-11-20T10:00:00.000Z';

/** An assistant line. */
export function request(facts: RequestFacts): string {
  const { session, id, tools = [], agentId, promptId, agentType } = facts;
  return JSON.stringify({
    type: 'assistant',
    uuid: `uuid-${id}`,
    parentUuid: null,
    sessionId: session,
    timestamp: facts.at ?? AT,
    isSidechain: agentId !== undefined,
    agentId,
    attributionAgent: agentType,
    attributionSkill: facts.skill,
    promptId,
    requestId: `req_${id}`,
    version: facts.version ?? '2.1.330',
    cwd: facts.cwd ?? '/home/user/shop',
    gitBranch: facts.branch ?? 'main',
    message: {
      id,
      role: 'assistant',
      model: facts.model ?? 'claude-opus-4-5',
      stop_reason: facts.isFinal === false ? null : tools.length > 0 ? 'tool_use' : 'end_turn',
      content: [
        { type: 'text', text: 'Done.' },
        ...tools.map(([toolId, name]) => ({ type: 'tool_use', id: toolId, name, input: {} })),
      ],
      usage: {
        input_tokens: facts.input ?? 10,
        output_tokens: facts.output ?? 100,
        cache_read_input_tokens: facts.read ?? 0,
        cache_creation_input_tokens: (facts.write5m ?? 0) + (facts.write1h ?? 0),
        cache_creation: {
          ephemeral_5m_input_tokens: facts.write5m ?? 0,
          ephemeral_1h_input_tokens: facts.write1h ?? 0,
        },
        server_tool_use: { web_search_requests: facts.searches ?? 0 },
      },
    },
  });
}

/** A user line with a prompt. */
export function prompt(session: string, at = AT): string {
  return JSON.stringify({
    type: 'user',
    uuid: `prompt-${session}-${at}`,
    parentUuid: null,
    sessionId: session,
    timestamp: at,
    isSidechain: false,
    message: { role: 'user', content: 'Go on.' },
  });
}

/** A user line with the result of a tool; for an Agent call, with the subagent that it started. */
export function toolResult(session: string, toolId: string, agentId?: string, at = AT): string {
  return JSON.stringify({
    type: 'user',
    uuid: `result-${toolId}`,
    parentUuid: null,
    sessionId: session,
    timestamp: at,
    isSidechain: false,
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: toolId }] },
    toolUseResult: agentId === undefined ? {} : { agentId, agentType: 'general-purpose' },
  });
}

/** The main transcript of a session. */
export function transcriptPath(home: Home, session: string, project = '-home-user-shop'): string {
  return join(home.projects, project, `${session}.jsonl`);
}

/** Appends complete lines to a transcript, as Claude Code does. */
export function append(path: string, ...lines: string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** A PostToolUse event with the fields that we read. */
export function toolEvent(session: string, path: string | null, extra: object = {}): object {
  return {
    session_id: session,
    ...(path === null ? {} : { transcript_path: path }),
    cwd: '/home/user/shop',
    hook_event_name: 'PostToolUse',
    tool_name: 'Bash',
    tool_use_id: 'toolu_1',
    tool_input: { command: 'true' },
    tool_response: { stdout: '', stderr: '', interrupted: false },
    duration_ms: 12,
    ...extra,
  };
}

/** The spend on one model that a client reports. */
export interface SaidFacts {
  cost: number;
  input?: number;
  output?: number;
  read?: number;
  write?: number;
  searches?: number;
}

/** The line that Claude Code writes at the end of a session: its own total by model. */
export function costState(
  session: string,
  models: Record<string, SaidFacts>,
  { startedAtMs = Date.parse(AT) - 1000, elapsedMs = 5000 } = {},
): string {
  const usage = Object.entries(models).map(([model, said]) => [
    model,
    {
      inputTokens: said.input ?? 0,
      outputTokens: said.output ?? 0,
      cacheReadInputTokens: said.read ?? 0,
      cacheCreationInputTokens: said.write ?? 0,
      webSearchRequests: said.searches ?? 0,
      costUSD: said.cost,
    },
  ]);
  return JSON.stringify({
    type: 'cost-state',
    sessionId: session,
    totalCostUSD: Object.values(models).reduce((sum, { cost }) => sum + cost, 0),
    totalDuration: elapsedMs,
    startTime: startedAtMs,
    modelUsage: Object.fromEntries(usage) as object,
  });
}

/** A line of a compaction; no line shows its request. */
export function compacted(session: string, id: string, at = AT): string {
  return JSON.stringify({
    type: 'system',
    subtype: 'compact_boundary',
    sessionId: session,
    uuid: `compact-${id}`,
    timestamp: at,
    isSidechain: false,
  });
}
