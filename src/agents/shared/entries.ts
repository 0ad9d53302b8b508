import { NO_LINE_FACTS } from '../../core/record/line-facts.ts';
import type { ParsedUsage } from '../../core/usage/usage.ts';
import type {
  LineOrigin,
  OtherEntry,
  RequestEntry,
  ToolCall,
  ToolResult,
  UserEntry,
} from '../../core/transcript/entry.ts';

/** A line that names nothing. */
const NO_ORIGIN: LineOrigin = Object.freeze({
  uuid: null,
  parentUuid: null,
  sessionId: null,
  atMs: null,
  promptId: null,
  isAgentThread: false,
  agentId: null,
  cwd: null,
});

/** A request with what its line states; everything else is unknown. */
export function requestEntry(
  stated: Partial<Omit<RequestEntry, 'type'>> & {
    messageId: string | null;
    model: string;
    parsed: ParsedUsage;
  },
): RequestEntry {
  return {
    type: 'request',
    ...NO_ORIGIN,
    ...NO_LINE_FACTS,
    requestId: null,
    ownerSessionId: null,
    agentType: null,
    spawnToolUseId: null,
    isOutputFinal: true,
    toolCalls: [],
    pieces: [],
    thinkingTokens: null,
    ...stated,
  };
}

/** A user line with the given facts: a prompt, or tool results. */
export function userEntry(facts: Partial<UserEntry>): UserEntry {
  return { ...NO_ORIGIN, type: 'user', isPrompt: false, toolResults: [], pieces: [], ...facts };
}

export function promptEntry(origin: Partial<LineOrigin>): UserEntry {
  return { type: 'user', ...NO_ORIGIN, ...origin, isPrompt: true, toolResults: [], pieces: [] };
}

export function toolResultsEntry(
  origin: Partial<LineOrigin>,
  toolResults: ToolResult[],
): UserEntry {
  return { type: 'user', ...NO_ORIGIN, ...origin, isPrompt: false, toolResults, pieces: [] };
}

export function otherEntry(origin: Partial<LineOrigin>): OtherEntry {
  return { type: 'other', ...NO_ORIGIN, ...origin, pieces: [] };
}

export function toolResult(toolUseId: string, stated: Partial<ToolResult> = {}): ToolResult {
  return {
    toolUseId,
    isFailed: false,
    durationMs: null,
    agentId: null,
    agentType: null,
    ...stated,
  };
}

export function toolCall(
  toolUseId: string,
  name: string,
  stated: Partial<ToolCall> = {},
): ToolCall {
  return {
    toolUseId,
    name,
    mcpServer: parseMcpServer(name),
    skill: null,
    plugin: null,
    filePath: null,
    commandWord: null,
    subagentType: null,
    ...stated,
  };
}

/** `mcp__SERVER__tool` names its server, as in most agents. */
function parseMcpServer(toolName: string): string | null {
  return /^mcp__(.+?)__/.exec(toolName)?.[1] ?? null;
}
