import type { Piece } from '../attribution/step.ts';
import type { LineFacts } from '../record/record-columns.ts';
import type { ParsedUsage } from '../usage/usage.ts';

/**
 * One line of a transcript, in the same shape for every agent. An adapter in `agents/` makes it;
 * nothing outside that adapter knows how its agent writes a line.
 */
export type Entry =
  | RequestEntry
  | UserEntry
  | ClientTotalEntry
  | PullRequestEntry
  | AuxiliaryRequestEntry
  | UnreadableEntry
  | OtherEntry;

/** What every line may say of itself. */
export interface LineOrigin {
  uuid: string | null;
  parentUuid: string | null;
  /** Null where the line names none: the file's own session then. */
  sessionId: string | null;
  /** Null where the line has no usable timestamp. */
  atMs: number | null;
  /** The prompt that the line itself names. */
  promptId: string | null;
  /** True for a line of a subagent, wherever it is written. */
  isAgentThread: boolean;
  agentId: string | null;
}

/** An assistant line: (a copy of, or a part of) one billed API request. */
export interface RequestEntry extends LineOrigin, LineFacts {
  type: 'request';
  messageId: string | null;
  requestId: string | null;
  /** The session that made the request, where a copied line says so. */
  ownerSessionId: string | null;
  agentType: string | null;
  /** The tool call that started the subagent, where the line names it. */
  spawnToolUseId: string | null;
  model: string;
  parsed: ParsedUsage;
  /** False where the line was written before the response had ended. */
  isOutputFinal: boolean;
  toolCalls: ToolCall[];
  /** What this line's part of the response wrote. */
  pieces: Piece[];
  /** Tokens of the response that were thinking; null where the vendor doesn't say. */
  thinkingTokens: number | null;
}

export interface ToolCall {
  toolUseId: string;
  name: string;
  mcpServer: string | null;
  skill: string | null;
  plugin: string | null;
  /** The file that it reads or writes, as it was named. */
  filePath: string | null;
  /** The program that a shell command starts. */
  commandWord: string | null;
}

export interface ToolResult {
  toolUseId: string;
  isFailed: boolean;
  durationMs: number | null;
  /** The subagent that this call started, where the result names it. */
  agentId: string | null;
  agentType: string | null;
}

/** A user line: a prompt, or tool results. */
export interface UserEntry extends LineOrigin {
  type: 'user';
  /** True where a person (or a notification in his place) asked something. */
  isPrompt: boolean;
  toolResults: ToolResult[];
  /** What it put into the context. */
  pieces: Piece[];
}

/** What the client says that the session has cost so far, one model. */
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

/** A session made or named a pull request. */
export interface PullRequestEntry extends LineOrigin {
  type: 'pull-request';
  /** As `owner/repository#12`; of another host than GitHub its address. */
  name: string;
}

/** A line that is no JSON: something was there that nobody can read. */
export interface UnreadableEntry {
  type: 'unreadable';
  chars: number;
}

/** Requests that a client makes for itself; their usage is in no transcript. */
export type AuxiliaryKind = 'compaction' | 'title' | 'prompt-hook';

/** A line that shows that such requests were made. At a compaction the thread's context was emptied. */
export interface AuxiliaryRequestEntry extends LineOrigin {
  type: 'aside';
  kind: AuxiliaryKind;
  /** Tells it from others of its session; a fork's copy of the line has the same. */
  key: string;
  requests: number;
}

/** Any other line: it still tells when its session was born. */
export interface OtherEntry extends LineOrigin {
  type: 'other';
  /** What it put into the context: attachments, hooks' output, lists of tools. */
  pieces: Piece[];
}
