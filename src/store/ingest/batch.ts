import type { Extraction } from '../../core/extract/extraction.ts';
import type { FileCursor, ThreadState } from '../../core/transcript/thread.ts';

/**
 * A part of one transcript that is read and extracted but not yet written. Plain data, so that it can be
 * spooled.
 */
export interface TranscriptBatch {
  path: string;
  /** The agent whose file it is. Absent in work that an older version spooled: Claude Code. */
  client?: string;
  /** The session that the file belongs to, according to its path. */
  sessionId: string;
  /** Device and inode. */
  identity: string;
  sizeBytes: number;
  modifiedAtMs: number;
  /**
   * The stored cursor when the file was read, null if none; if another process has moved it since, the
   * batch is refused.
   */
  expectedCursorBytes: number | null;
  fromBytes: number;
  toBytes: number;
  tailHash: string;
  state: ThreadState;
  extraction: Extraction;
}

/** One hook event as it is stored. */
export interface EventDraft {
  /** Makes an event one row even if it is written twice (spooled, and drained by two processes). */
  key: string;
  name: string;
  client: string;
  sessionId: string | null;
  agentId: string | null;
  toolName: string | null;
  toolUseId: string | null;
  arrivedAtMs: number;
  durationMs: number;
}

/** The state of a transcript's file when it was last read. */
export interface FileMark {
  /** Device and inode. */
  identity: string;
  sizeBytes: number;
  modifiedAtMs: number;
  cursorBytes: number;
}

/** The stored state of a transcript between two reads. */
export interface TranscriptCursor extends FileCursor, FileMark {
  path: string;
  sessionId: string | null;
  state: ThreadState;
}
