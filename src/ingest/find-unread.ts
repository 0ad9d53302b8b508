import type { UnreadPath } from '../core/transcript/unread.ts';
import { type SearchPlace, filesIn } from '../sources/transcripts/places.ts';
import { unreadPath } from '../sources/transcripts/unread.ts';
import type { Ledger } from '../store/connection/open.ts';
import { selectFileMarks } from '../store/ingest/file-marks.ts';
import { UnreadFiles } from '../store/ingest/unread-files.ts';
import { isUnchanged } from './collect.ts';
import { readTranscript } from './read-transcript.ts';
import { UnreadList } from './unread-list.ts';

/** Enough to see which program wrote a file. */
const FIRST_BYTES = 64 * 1024;

/**
 * Finds what an import could not read, and writes nothing.
 * @param db remembers what was found before; null if it can't be used
 */
export function findUnread(places: readonly SearchPlace[], db: Ledger | null): UnreadPath[] {
  const list = new UnreadList(db === null ? new Map() : new UnreadFiles(db).all(), null);
  const marks = db === null ? new Map() : selectFileMarks(db);
  const files = filesIn(places, (path, error) => list.add(unreadPath(path, error)));
  for (const file of files) {
    if (isUnchanged(file, marks.get(file.path) ?? null)) continue;
    const notes = list.begin(file);
    for (const read of readTranscript(file, null, FIRST_BYTES, notes.fail)) {
      notes.note(read);
      // The lines of another program are counted to the end.
      if (!notes.isOther()) break;
    }
    notes.end();
  }
  return list.among(files.map(({ path }) => path));
}
