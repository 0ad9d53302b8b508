import type { Piece } from '../attribution/step.ts';
import type { LineFacts } from '../record/record-columns.ts';
import type { ParsedUsage } from '../usage/usage.ts';

/**
 * One line of a transcript, in the same shape for every agent. The adapters in `agents/` produce it; only
 * they know how their agent writes a line.
 */
export type Entry =
  | RequestEntry
  | UserEntry
  | ClientTotalEntry
  | PullRequestEntry
  | AuxiliaryRequestEntry
  | UnreadableEntry
  | OtherEntry;

/** What any line may contain. */
export interface LineOrigin {
  uuid: string | null;
  parentUuid: string | null;
  /** Null if the line names none: it then belongs to the file's own session. */
  sessionId: string | null;
  /** Null if the line has no valid timestamp. */
  atMs: number | null;
  /** The prompt that the line itself names. */
  promptId: string | null;
  /** True for a line of a subagent, wherever it is written. */
  isAgentThread: boolean;
  agentId: string | null;
  /** Null if the line names none: it then has that of the line before. */
  cwd: string | null;
}

/** An assistant line: a copy of, or a part of, one billed API request. */
export interface RequestEntry extends LineOrigin, LineFacts {
  type: 'request';
  messageId: string | null;
  requestId: string | null;
  /** The session that made the request, if a copied line states it. */
  ownerSessionId: string | null;
  agentType: string | null;
  /** The tool call that started the subagent, if the line names it. */
  spawnToolUseId: string | null;
  model: string;
  parsed: ParsedUsage;
  /** False if the line was written before the response had ended. */
  isOutputFinal: boolean;
  /** The model, or a filter before it, refused to answer. */
  isRefused?: true;
  toolCalls: ToolCall[];
  /** What the part of the response in this line wrote. */
  pieces: Piece[];
  /** Tokens of the response that were thinking; null if the vendor does not report them. */
  thinkingTokens: number | null;
  /** Absent if the line states nothing but counts and model, as in Claude Code. */
  billing?: EntryBilling;
}

/** What a line states about who billed its request, and how. */
export interface EntryBilling {
  /** The provider that served the request, for example `openai`. */
  provider: string | null;
  /** The agent's or the provider's own figure, which takes precedence over every price. */
  chargedNanoUsd: number | null;
  /** The increase of a counter rather than one request. */
  isCounter: boolean;
}

export interface ToolCall {
  toolUseId: string;
  name: string;
  mcpServer: string | null;
  skill: string | null;
  plugin: string | null;
  /** The file that it reads or writes, as named in the call. */
  filePath: string | null;
  /** The program that a shell command runs. */
  commandWord: string | null;
  /** The type of the subagent that it starts. */
  subagentType: string | null;
}

export interface ToolResult {
  toolUseId: string;
  isFailed: boolean;
  durationMs: number | null;
  /** The subagent that this call started, if the result names it. */
  agentId: string | null;
  agentType: string | null;
}

/** A user line: a prompt, or tool results. */
export interface UserEntry extends LineOrigin {
  type: 'user';
  /** True if a person (or a notification on their behalf) sent a prompt. */
  isPrompt: boolean;
  toolResults: ToolResult[];
  /** What the line put into the context. */
  pieces: Piece[];
}

/** The cost of the session so far according to the client, for one model. */
export interface ClientModelTotal {
  model: string;
  costNanoUsd: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  webSearchRequests: number;
}

export interface ClientTotalEntry extends LineOrigin {
  type: 'client-total';
  /** When the client's counter began; forks share it with their parent. */
  startedAtMs: number;
  elapsedMs: number;
  models: ClientModelTotal[];
}

/** The session created or named a pull request. */
export interface PullRequestEntry extends LineOrigin {
  type: 'pull-request';
  /** `owner/repository#12`, or the URL for a host other than GitHub. */
  name: string;
}

/** A line that is not valid JSON: it had content that can't be read. */
export interface UnreadableEntry {
  type: 'unreadable';
  chars: number;
}

/** Auxiliary requests: the client makes them for itself; their usage is in no transcript. */
export type AuxiliaryKind = 'compaction' | 'title' | 'prompt-hook';

/** A line that shows that auxiliary requests were made. A compaction also emptied the thread's context. */
export interface AuxiliaryRequestEntry extends LineOrigin {
  type: 'auxiliary';
  kind: AuxiliaryKind;
  /** Distinguishes it from others of its session; the same in a fork's copy of the line. */
  key: string;
  requests: number;
}

/** Any other line; its time may still show when its session was born. */
export interface OtherEntry extends LineOrigin {
  type: 'other';
  /** What the line put into the context: attachments, output of hooks, lists of tools. */
  pieces: Piece[];
}
