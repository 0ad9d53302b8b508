import { existsSync, statSync } from 'node:fs';
import { claudeCode } from '../../agents/claude-code/index.ts';
import { AGENTS } from '../../agents/registry.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { UserError } from '../../core/lang/user-error.ts';
import type { UnreadPath } from '../../core/transcript/unread.ts';
import { type ImportOutcome, importTranscripts } from '../../ingest/import.ts';
import { expandPath, spoolFolder } from '../../sources/machine/paths.ts';
import { resolveProject } from '../../sources/machine/project.ts';
import { type Search, placesOf, searchPlaces } from '../../sources/transcripts/places.ts';
import { unreadPath } from '../../sources/transcripts/unread.ts';
import { explainLedgerTrouble } from '../../store/connection/trouble.ts';
import {
  type Ledger,
  ForeignLedgerError,
  NewerLedgerError,
  openLedger,
} from '../../store/connection/open.ts';
import { LedgerReader } from '../../store/reader.ts';
import { hasReadFiles } from '../../store/ingest/file-marks.ts';
import { Spool } from '../../store/ingest/spool.ts';
import { UnreadFiles } from '../../store/ingest/unread-files.ts';
import { LedgerWriter } from '../../store/ingest/writer.ts';
import { clientFilesText } from '../../render/text/client-files.ts';
import { plural } from '../../render/text/number-format.ts';
import { unreadNote } from '../../render/text/unread-note.ts';
import type { FlagValues } from '../define.ts';
import { FLAG_GROUPS } from '../flags/groups.ts';
import { lastValue } from '../flags/last-value.ts';
import { noteAtEnd, warn } from './io.ts';
import { progressBar } from './progress.ts';
import { currentLedgerPath, currentPrices } from './settings.ts';

/** The flags of every command that reads the ledger. */
export const ledgerFlags = {
  projects: {
    type: 'string',
    coerce: lastValue<string>,
    describe: "Read transcripts from this folder instead of Claude Code's own",
    requiresArg: true,
    group: FLAG_GROUPS.transcripts,
  },
  refresh: {
    type: 'boolean',
    default: true,
    negated: 'Do not read new transcript lines first',
    group: FLAG_GROUPS.transcripts,
  },
} as const;

export type LedgerFlags = FlagValues<typeof ledgerFlags>;

/** A person waits longer than an agent. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Where to look for what agents have logged.
 * @throws UserError if the folder named by `--projects` does not exist
 */
export function findTranscripts(flags: Pick<LedgerFlags, 'projects'>): Search {
  if (flags.projects === undefined) return searchPlaces(AGENTS, process.env);
  const folder = expandPath(flags.projects, process.env);
  try {
    if (statSync(folder).isDirectory()) {
      return { places: placesOf(claudeCode, [folder]), unread: [] };
    }
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') {
      const { reason, fix } = unreadPath(folder, error);
      throw new UserError(`--projects: ${folder}: ${reason}`, fix);
    }
  }
  throw new UserError(`--projects: there is no folder ${folder}`, null);
}

/** Opens the ledger, reads new transcript lines into it, and returns its reader. */
export function openReader(flags: LedgerFlags): { db: Ledger; reader: LedgerReader } {
  const path = currentLedgerPath();
  const { places, unread } = findTranscripts(flags);
  const db = openOrExplain(path);
  if (!flags.refresh || db.readonly) {
    const remembered = new UnreadFiles(db).below(places.flatMap(({ folders }) => folders));
    noteUnread([...unread, ...remembered.filter((file) => existsSync(file.path))]);
  } else {
    try {
      const isFirst = !hasReadFiles(db);
      const { files, clients } = refreshWithNote(db, path, flags);
      const named = clientFilesText(clients);
      if (isFirst && named !== '') noteAtEnd(`read ${plural(files, 'file')}${named}`);
    } catch (error) {
      const reason = explainLedgerTrouble(error, path)?.message ?? toErrorMessage(error);
      warn(`not up to date, the ledger could not be written: ${reason}`);
    }
  }
  const bar = progressBar(process.stderr, 'Adding up', 'requests');
  const onProgress = (done: number, of: number): void => {
    bar.update(done, of);
    if (done === of) bar.end();
  };
  return { db, reader: new LedgerReader(db, onProgress) };
}

/** Reads new transcript lines into an open ledger. */
export function refresh(
  db: Ledger,
  path: string,
  flags: Pick<LedgerFlags, 'projects'>,
): ImportOutcome {
  const writer = new LedgerWriter(db, currentPrices(), resolveProject);
  const bar = progressBar(process.stderr, 'Reading transcripts', 'files');
  try {
    const options = { onProgress: bar.update };
    const spool = new Spool(spoolFolder(path));
    const { places, unread } = findTranscripts(flags);
    const outcome = importTranscripts(writer, spool, places, options);
    return { ...outcome, unread: [...unread, ...outcome.unread] };
  } finally {
    bar.end();
  }
}

/** The same for a report, which then ends with a note about what could not be read. */
export function refreshWithNote(
  db: Ledger,
  path: string,
  flags: Pick<LedgerFlags, 'projects'>,
): ImportOutcome {
  const outcome = refresh(db, path, flags);
  noteUnread(outcome.unread);
  return outcome;
}

function noteUnread(unread: readonly UnreadPath[]): void {
  const note = unreadNote(unread);
  if (note !== null) noteAtEnd(note);
}

/**
 * @param busyTimeoutMs how long each write waits for the writes of other processes
 * @throws UserError that names the ledger, the reason and the remedy
 */
export function openOrExplain(path: string, busyTimeoutMs: number = BUSY_TIMEOUT_MS): Ledger {
  try {
    return openLedger(path, { busyTimeoutMs, cacheKilobytes: 64 * 1024 });
  } catch (error) {
    if (error instanceof NewerLedgerError) throw new UserError(error.message, null);
    if (error instanceof ForeignLedgerError) {
      throw new UserError(error.message, explainLedgerTrouble(error, path)?.remedy ?? null);
    }
    const trouble = explainLedgerTrouble(error, path);
    const readable = openReadOnly(path);
    if (readable !== null) {
      warn(`read-only: ${path} cannot be written (${trouble?.reason ?? toErrorMessage(error)})`);
      return readable;
    }
    throw new UserError(
      `can't open the ledger ${path}: ${trouble?.reason ?? toErrorMessage(error)}`,
      trouble?.remedy ??
        'Run tallyhook doctor to find the cause, or set TELEMETRY_DB_PATH to another file.',
    );
  }
}

function openReadOnly(path: string): Ledger | null {
  try {
    return openLedger(path, { busyTimeoutMs: BUSY_TIMEOUT_MS, readonly: true });
  } catch {
    return null;
  }
}
