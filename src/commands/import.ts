import { clientFilesText } from '../render/text/client-files.ts';
import { unreadText } from '../render/text/unread-note.ts';
import { formatCount } from '../render/text/number-format.ts';
import { defineCommand } from './define.ts';
import { json } from './flags/json.ts';
import type { DocumentOf } from '../schemas/schema-of.ts';
import type { imported } from '../schemas/upkeep.ts';
import { print, printLine } from './session/io.ts';
import { ledgerFlags, openOrExplain, refresh, findTranscripts } from './session/ledger.ts';
import { currentLedgerPath } from './session/settings.ts';
import { printDocument } from './session/document.ts';

/** Hundreds of running hooks may write at the same time; an import waits for them rather than fail. */
const BUSY_TIMEOUT_MS = 30_000;

export const importCommand = defineCommand({
  flags: { projects: ledgerFlags.projects, json },
  examples: [
    ['tallyhook import', 'Read what every agent has logged so far'],
    ['tallyhook import --projects ~/backup/projects', 'Read transcripts from a backup'],
  ],
  handler: (args) => {
    findTranscripts(args);
    const startedAt = performance.now();
    const path = currentLedgerPath();
    const db = openOrExplain(path, BUSY_TIMEOUT_MS);
    const outcome = refresh(db, path, args);
    db.close();
    const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
    if (args.json) {
      const { files, clients, lines, addedRequests, knownRequests, unread } = outcome;
      printDocument<DocumentOf<typeof imported>>({
        files,
        clients,
        lines,
        addedRequests,
        knownRequests,
        seconds,
        unread,
      });
      return;
    }
    print(
      `${formatCount(outcome.files)} files${clientFilesText(outcome.clients)}, ` +
        `${formatCount(outcome.lines)} new lines: ` +
        `${formatCount(outcome.addedRequests)} requests added, ` +
        `${formatCount(outcome.knownRequests)} already recorded, ${seconds} s`,
    );
    for (const unread of outcome.unread) printLine(`Not read: ${unreadText(unread)}`);
  },
});
