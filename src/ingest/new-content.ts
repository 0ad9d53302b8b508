import type { Entry } from '../core/transcript/entry.ts';
import type { ThreadState } from '../core/transcript/thread.ts';

/** What is new in one of an agent's files, whatever its kind. */
export interface NewContent {
  identity: string;
  sizeBytes: number;
  modifiedAtMs: number;
  /**
   * Where it begins and ends: bytes of a file of lines. Documents count how often they were read, tables
   * the rows that were read, so that two processes that read at once are told apart.
   */
  fromBytes: number;
  toBytes: number;
  tailHash: string;
  /** This is another file than the one that the cursor was set in; it is read from its start. */
  isRestart: boolean;
  hasMore: boolean;
  /** Lines or rows, or one document. */
  partCount: number;
  /** The first lines of a file that is read from its start. */
  firstLines: string[];
  /** The entries before the new cursor; what their source carries on is changed in the state. */
  entries(state: ThreadState): Iterable<Entry>;
  /** Entries of a last line without a newline: they count, but are read again. */
  entriesAfterCursor(state: ThreadState): Entry[];
}

const NO_ENTRIES: Entry[] = [];

/** For files that are never read up to the middle of a part. */
export function noEntries(): Entry[] {
  return NO_ENTRIES;
}
