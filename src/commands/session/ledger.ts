import { statSync } from 'node:fs';
import { DEFAULT_AGENT } from '../../agents/registry.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { type ImportOutcome, importTranscripts } from '../../ingest/import.ts';
import { expandPath, projectsFolders, spoolFolder } from '../../sources/machine/paths.ts';
import { resolveProject } from '../../sources/machine/project.ts';
import { explainLedgerTrouble } from '../../store/connection/trouble.ts';
import {
  type Ledger,
  ForeignLedgerError,
  NewerLedgerError,
  openLedger,
} from '../../store/connection/open.ts';
import { LedgerReader } from '../../store/reader.ts';
import { Spool } from '../../store/ingest/spool.ts';
import { LedgerWriter } from '../../store/ingest/writer.ts';
import type { FlagValues } from '../define.ts';
import { lastValue } from '../flags/last-value.ts';
import { warn } from './io.ts';
import { progressBar } from './progress.ts';
import { currentLedgerPath, currentPrices } from './settings.ts';

/** Flags of every command that reads the ledger. */
export const ledgerFlags = {
  projects: {
    type: 'string',
    coerce: lastValue<string>,
    describe: "Read transcripts from this folder instead of the client's own",
    requiresArg: true,
  },
  refresh: {
    type: 'boolean',
    default: true,
    describe: 'Read what is new in the transcripts first (--no-refresh skips it)',
  },
} as const;

export type LedgerFlags = FlagValues<typeof ledgerFlags>;

/** A person at a command waits longer than an agent does. */
const BUSY_TIMEOUT_MS = 5000;

/** @throws UserError for a folder that was named and is not there */
export function transcriptFolders(flags: Pick<LedgerFlags, 'projects'>): string[] {
  if (flags.projects === undefined) return projectsFolders(process.env);
  const folder = expandPath(flags.projects, process.env);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return [folder];
  throw new UserError(`--projects: there is no folder ${folder}`, null);
}

/** Opens the ledger, reads what is new, and hands out its reader. */
export function openReader(flags: LedgerFlags): { db: Ledger; reader: LedgerReader } {
  const path = currentLedgerPath();
  transcriptFolders(flags);
  const db = openOrExplain(path);
  if (flags.refresh && !db.readonly) {
    try {
      refresh(db, path, flags);
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

/** Reads what is new in the transcripts into an open ledger. */
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
    return importTranscripts(DEFAULT_AGENT, writer, spool, transcriptFolders(flags), options);
  } finally {
    bar.end();
  }
}

/**
 * @param busyTimeoutMs how long each write waits for those of others
 * @throws UserError naming the ledger and the way out
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
      warn(`read only: ${path} can't be written (${trouble?.reason ?? toErrorMessage(error)})`);
      return readable;
    }
    throw new UserError(
      `can't open the ledger ${path}: ${trouble?.reason ?? toErrorMessage(error)}`,
      trouble?.remedy ??
        'Move the file away or set TELEMETRY_DB_PATH; transcripts that still exist are read again.',
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
