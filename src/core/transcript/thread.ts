import { type TraceState, initialTrace } from '../attribution/trace.ts';

/** What is known about a transcript file before any line of it is read. */
export interface ThreadContext {
  client: string;
  /** The main thread's transcript, or a subagent's own file. */
  kind: 'main' | 'sidechain';
  /** The session that the file's path names; lines without a session belong to it. */
  fileSessionId: string;
  /** From the file's name and its metadata; null for a main transcript. */
  agentId: string | null;
  agentType: string | null;
  parentAgentId: string | null;
  /** The tool call that started the subagent. */
  spawnToolUseId: string | null;
  /** Milliseconds UTC, for lines before the first one with a time. */
  fallbackAtMs: number;
  /** The latest time, milliseconds UTC, at which the lines can have been written. */
  arrivedAtMs: number;
}

/**
 * The state carried from line to line, stored with the file's cursor so that a file read in pieces gives
 * the same result as when read at once.
 */
export interface ThreadState {
  /** The prompt that the next request answers. */
  promptId: string | null;
  lastAtMs: number | null;
  /** The working directory of the last line that names one. */
  lastCwd: string | null;
  /** Sessions whose first line with a timestamp in this file has been read. */
  bornSessionIds: string[];
  /** The last line of each subagent thread written inline, mapped to the first line of that thread. */
  inlineThreads: [lastUuid: string, rootUuid: string][];
  lastMessageId: string | null;
  /** True during a turn: a prompt or a tool result awaits a response. */
  isTurnOpen: boolean;
  /** The contexts of the file's threads. */
  trace: TraceState;
  /** What the agent's parser carries on from line to line; absent if it needs nothing. */
  fold?: Record<string, unknown>;
  /** For a table: the highest value of the cursor's column that was read. */
  rowCursor?: number;
}

/** How far a file was read, and the facts that show that it is still the same file. */
export interface FileCursor {
  /** Device and inode. */
  identity: string;
  cursorBytes: number;
  /** Fingerprint of the last 4 kB before the cursor. */
  tailHash: string;
  /** Of the whole file, when it was read. */
  sizeBytes: number;
  modifiedAtMs: number;
}

/** Old versions of Claude Code ran at most ten subagents at once; each may have a few open ends. */
const MAX_INLINE_THREADS = 64;

/** @param generation how often the file was replaced by another */
export function initialThreadState(generation = 0): ThreadState {
  return {
    promptId: null,
    lastAtMs: null,
    lastCwd: null,
    bornSessionIds: [],
    inlineThreads: [],
    lastMessageId: null,
    isTurnOpen: false,
    trace: initialTrace(generation),
  };
}

/**
 * Claude Code before 2.0.42 wrote subagents into the main transcript without naming them: the first line of
 * the thread identifies it, and each line is found through its parent.
 * @returns the uuid of the thread's first line
 */
export function followInlineThread(
  state: ThreadState,
  uuid: string | null,
  parentUuid: string | null,
): string | null {
  const parent = state.inlineThreads.find(([last]) => last === parentUuid);
  const root = parent?.[1] ?? uuid;
  if (uuid === null || root === null) return root;
  // The parent stays in the map: parallel tool results all have the same parent.
  state.inlineThreads = state.inlineThreads.filter(([last]) => last !== uuid);
  state.inlineThreads.push([uuid, root]);
  if (state.inlineThreads.length > MAX_INLINE_THREADS) state.inlineThreads.shift();
  return root;
}

/** Total reader of a stored state: unexpected values fall back to the initial state. */
export function parseThreadState(text: string | null): ThreadState {
  const state = initialThreadState();
  if (text === null) return state;
  try {
    const stored: unknown = JSON.parse(text);
    return typeof stored === 'object' && stored !== null ? Object.assign(state, stored) : state;
  } catch {
    return state;
  }
}
