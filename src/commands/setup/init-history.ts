import { statOrNull } from '../../ingest/collect.ts';
import { type ClientFiles, countByAgent } from '../../ingest/import.ts';
import { clientFilesText } from '../../render/text/client-files.ts';
import { plural } from '../../render/text/number-format.ts';
import { filesIn } from '../../sources/transcripts/places.ts';
import { printLine } from '../session/io.ts';
import { findTranscripts, openOrExplain, refreshWithNote } from '../session/ledger.ts';
import { currentLedgerPath } from '../session/settings.ts';

/** Existing transcripts of all agents. */
export interface History {
  files: number;
  clients: ClientFiles[];
  bytes: number;
}

/** Counts the existing transcripts; reads none. */
export function findHistory(): History {
  const files = filesIn(findTranscripts({}).places);
  const sizes = files.map(({ path }) => statOrNull(path)?.size ?? 0);
  const clients = countByAgent(files);
  return { files: files.length, clients, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Reads all transcripts, with a progress bar on a terminal, and prints the overview. */
export async function importHistory(): Promise<void> {
  const path = currentLedgerPath();
  const db = openOrExplain(path);
  const { files, clients, addedRequests } = refreshWithNote(db, path, {});
  db.close();
  printLine(
    `Read ${plural(files, 'transcript')}${clientFilesText(clients)}: ` +
      `${plural(addedRequests, 'request')}.`,
  );
  printLine('');
  const { runSummary } = await import('../summary.ts');
  const flags = { refresh: false, json: false, breakdown: false, attributed: false };
  await runSummary(flags, []);
  printLine('');
}
