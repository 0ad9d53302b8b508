import type { Agent } from '../agents/types.ts';
import type { UnreadPath } from '../core/transcript/unread.ts';
import { allTranscripts } from '../sources/transcripts/tree.ts';
import { unreadPath } from '../sources/transcripts/unread.ts';
import type { Ledger } from '../store/connection/open.ts';
import { selectFileMarks } from '../store/ingest/file-marks.ts';
import { UnreadFiles } from '../store/ingest/unread-files.ts';
import { isUnchanged } from './collect.ts';
import { withArchives } from './import.ts';
import { readTranscript } from './read-transcript.ts';
import { UnreadList } from './unread-list.ts';

/** Enough to see which program wrote a file. */
const FIRST_BYTES = 64 * 1024;

/**
 * Finds what an import could not read, and writes nothing.
 * @param db remembers what was found before; null if it can't be used
 */
export function findUnread(agent: Agent, folders: string[], db: Ledger | null): UnreadPath[] {
  const list = new UnreadList(db === null ? new Map() : new UnreadFiles(db).all(), null);
  const marks = db === null ? new Map() : selectFileMarks(db);
  const paths = folders.flatMap((folder) =>
    allTranscripts(withArchives(agent), folder, (path, error) => list.add(unreadPath(path, error))),
  );
  for (const path of paths) {
    if (isUnchanged(path, marks.get(path) ?? null)) continue;
    const notes = list.begin(path);
    for (const read of readTranscript(agent, path, null, FIRST_BYTES, notes.fail)) {
      notes.note(read);
      // The lines of another program are counted to the end.
      if (!notes.isOther()) break;
    }
    notes.end();
  }
  return list.among(paths);
}
