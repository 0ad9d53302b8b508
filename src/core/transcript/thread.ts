import { type TraceState, initialTrace } from '../attribution/trace.ts';

/** What is known of a transcript file before a line of it is read. */
export interface ThreadContext {
  client: string;
  /** The main thread's transcript, or a subagent's own file. */
  kind: 'main' | 'sidechain';
  /** The session that the file's place names; lines without a session belong to it. */
  fileSessionId: string;
  /** From the file's name and its metadata; null for a main transcript. */
  agentId: string | null;
  agentType: string | null;
  parentAgentId: string | null;
  /** The tool call that started the subagent. */
  spawnToolUseId: string | null;
  /** Milliseconds UTC, for lines without a time before the first that has one. */
  fallbackAtMs: number;
}

/**
 * What reading a file carries from one line to the next, stored with the file's cursor so that a
 * file read in pieces gives what it gives when read at once.
 */
export interface ThreadState {
  /** The prompt that the next request answers. */
  promptId: string | null;
  lastAtMs: number | null;
  /** Sessions whose first timestamped line of this file has gone by. */
  bornSessionIds: string[];
  /** Last line of each subagent thread written inline, with the first line of that thread. */
  inlineThreads: [lastUuid: string, rootUuid: string][];
  lastMessageId: string | null;
  /** True while the turn goes on: a prompt or a tool's result waits for an answer. */
  isTurnOpen: boolean;
  /** What is in the contexts of the file's threads. */
  trace: TraceState;
}

/** How far a file was read, and what tells that it is still the same file. */
export interface FileCursor {
  /** Device and inode. */
  identity: string;
  cursorBytes: number;
  /** Fingerprint of the last 4 kB before the cursor. */
  tailHash: string;
}

/** Old clients ran at most ten subagents at once; each keeps a few open ends. */
const MAX_INLINE_THREADS = 64;

/** @param generation how often the file was replaced by another */
export function initialThreadState(generation = 0): ThreadState {
  return {
    promptId: null,
    lastAtMs: null,
    bornSessionIds: [],
    inlineThreads: [],
    lastMessageId: null,
    isTurnOpen: false,
    trace: initialTrace(generation),
  };
}

/**
 * Clients before 2.0.42 wrote subagents into the main transcript without naming them: the first
 * line of the thread names it, and each line is found by its parent.
 * @returns the uuid of the thread's first line
 */
export function followInlineThread(
  state: ThreadState,
  uuid: string | null,
  parentUuid: string | null,
): string | null {
  const known = state.inlineThreads.find(([last]) => last === parentUuid);
  const root = known?.[1] ?? uuid;
  if (uuid === null || root === null) return root;
  // The parent stays: parallel tool results all hang on one line.
  state.inlineThreads = state.inlineThreads.filter(([last]) => last !== uuid);
  state.inlineThreads.push([uuid, root]);
  if (state.inlineThreads.length > MAX_INLINE_THREADS) state.inlineThreads.shift();
  return root;
}

/** Total reader of a stored state: what does not fit falls back to the initial value. */
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
