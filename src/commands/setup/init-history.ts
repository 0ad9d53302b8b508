import { DEFAULT_AGENT } from '../../agents/registry.ts';
import { statOrNull } from '../../ingest/collect.ts';
import { withArchives } from '../../ingest/import.ts';
import { plural } from '../../render/text/number-format.ts';
import { allTranscripts } from '../../sources/transcripts/tree.ts';
import { printLine } from '../session/io.ts';
import { openOrExplain, refreshWithNote, transcriptFolders } from '../session/ledger.ts';
import { currentLedgerPath } from '../session/settings.ts';

/** Existing transcripts of Claude Code. */
export interface History {
  files: number;
  bytes: number;
}

/** Counts the existing transcripts; reads none. */
export function findHistory(): History {
  const paths = transcriptFolders({}).flatMap((folder) =>
    allTranscripts(withArchives(DEFAULT_AGENT), folder),
  );
  const sizes = paths.map((path) => statOrNull(path)?.size ?? 0);
  return { files: paths.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Reads all transcripts, with a progress bar on a terminal, and prints the overview. */
export async function importHistory(): Promise<void> {
  const path = currentLedgerPath();
  const db = openOrExplain(path);
  const { files, addedRequests } = refreshWithNote(db, path, {});
  db.close();
  printLine(`Read ${plural(files, 'transcript')}: ${plural(addedRequests, 'request')}.`);
  printLine('');
  const { runSummary } = await import('../summary.ts');
  const flags = { refresh: false, json: false, breakdown: false, attributed: false };
  await runSummary(flags, []);
  printLine('');
}
