import type { Extraction } from '../../core/extract/extraction.ts';
import type { FileCursor, ThreadState } from '../../core/transcript/thread.ts';

/** A stretch of one transcript, read and extracted, not yet written. Plain data: it can be spooled. */
export interface TranscriptBatch {
  path: string;
  /** The session that the file belongs to, as its place tells. */
  sessionId: string;
  /** Device and inode. */
  identity: string;
  sizeBytes: number;
  modifiedAtMs: number;
  /** The stored cursor when the file was read, null for none; moved by another since: refused. */
  expectedCursorBytes: number | null;
  fromBytes: number;
  toBytes: number;
  tailHash: string;
  state: ThreadState;
  extraction: Extraction;
}

/** One hook event, as it is kept. */
export interface EventDraft {
  /** Told twice (spooled, and drained by two at once), an event is one row. */
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

/** A transcript's file as it was when it was last read. */
export interface FileMark {
  /** Device and inode. */
  identity: string;
  sizeBytes: number;
  modifiedAtMs: number;
  cursorBytes: number;
}

/** What is kept of a transcript between two readings. */
export interface TranscriptCursor extends FileCursor, FileMark {
  path: string;
  sessionId: string | null;
  state: ThreadState;
}
