import { toErrorMessage } from '../core/lang/message-of.ts';
import { CheckFailed, UserError } from '../core/lang/user-error.ts';
import { freshLedger } from '../ingest/fresh-ledger.ts';
import { recordedFiles } from '../ingest/reread.ts';
import type { Ledger } from '../store/connection/open.ts';
import { spoolFolder } from '../sources/machine/paths.ts';
import { Spool } from '../store/ingest/spool.ts';
import { verifyTranscripts } from '../store/verify/transcripts.ts';
import type { UnreadPath } from '../core/transcript/unread.ts';
import type { VerifyCheck } from '../core/finding.ts';
import type { DocumentOf } from '../schemas/schema-of.ts';
import type { verify } from '../schemas/upkeep.ts';
import { verifyLedger } from '../store/verify/ledger.ts';
import { unreadText } from '../render/text/unread-note.ts';
import { type FlagValues, defineCommand } from './define.ts';
import { FLAG_GROUPS } from './flags/groups.ts';
import { json } from './flags/json.ts';
import { printLine, warn } from './session/io.ts';
import { ledgerFlags, openOrExplain, refresh, findTranscripts } from './session/ledger.ts';
import { currentLedgerPath, currentPrices } from './session/settings.ts';
import { progressBar } from './session/progress.ts';
import { printDocument } from './session/document.ts';

const flags = {
  json,
  transcripts: {
    type: 'boolean',
    default: true,
    negated: 'Do not compare the ledger with the transcripts',
    group: FLAG_GROUPS.transcripts,
  },
  ...ledgerFlags,
} as const;

type VerifyFlags = FlagValues<typeof flags>;

export const verifyCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook verify', 'Check the ledger, and compare it with all transcripts'],
    ['tallyhook verify --no-transcripts', 'Check the ledger only'],
  ],
  handler: (args) => {
    const checks = selectChecks(currentLedgerPath(), args);
    const isSound = checks.every((check) => check.isSound);
    if (args.json) printDocument<DocumentOf<typeof verify>>({ isSound, checks });
    else
      for (const check of checks)
        printLine(`${check.isSound ? 'ok   ' : 'FAULT'} ${check.name}: ${check.found}`);
    if (!isSound) throw new CheckFailed('the ledger has faults');
  },
});

/** A file that cannot be opened is a failed check, not an error of the command. */
function selectChecks(path: string, args: VerifyFlags): VerifyCheck[] {
  try {
    const db = openOrExplain(path);
    const checks = [...verifyLedger(db, currentPrices()), spoolCheck(path)];
    // Nothing is written into a damaged file.
    const isIntact = checks.find(({ name }) => name === 'file integrity')?.isSound === true;
    return isIntact && args.transcripts ? [...checks, ...transcriptChecks(db, path, args)] : checks;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const found = error.hint === null ? error.message : `${error.message}. ${error.hint}`;
    return [{ name: 'file', isSound: false, found }];
  }
}

/** Reports spooled work that will not be written to the ledger automatically. */
function spoolCheck(path: string): VerifyCheck {
  const { setAside, unfinished } = new Spool(spoolFolder(path)).leftovers(Date.now());
  const names = [...setAside, ...unfinished];
  const found = names.length === 0 ? 'empty' : `not recorded: ${names.join(', ')}`;
  return { name: 'spool', isSound: names.length === 0, found };
}

function transcriptChecks(db: Ledger, path: string, args: VerifyFlags): VerifyCheck[] {
  const bar = progressBar(process.stderr, 'Reading every transcript again', 'files');
  let fresh: Ledger | null = null;
  try {
    const { places, unread } = findTranscripts(args);
    fresh = freshLedger(currentPrices(), places, {
      onProgress: bar.update,
      onUnread: (paths) => unread.push(...paths),
      alsoFiles: recordedFiles(db),
    });
    bar.end();
    // Refreshed afterwards, so that lines appended in between can only be in the ledger.
    if (args.refresh && !db.readonly) refreshOrWarn(db, path, args);
    return [...verifyTranscripts(fresh, path), ...unreadChecks(unread)];
  } catch (error) {
    return [{ name: 'transcripts', isSound: false, found: toErrorMessage(error) }];
  } finally {
    bar.end();
    fresh?.close();
  }
}

/** What another program wrote is named, but is not a fault of the ledger. */
function unreadChecks(unread: readonly UnreadPath[]): VerifyCheck[] {
  const others = unread.filter(({ kind }) => kind === 'other-agent');
  const faulty = unread.filter(({ kind }) => kind === 'unreadable');
  const list = (paths: UnreadPath[]): string => paths.map(unreadText).join(', ') || 'none';
  return [
    { name: 'unreadable transcripts', isSound: faulty.length === 0, found: list(faulty) },
    { name: "other programs' transcripts", isSound: true, found: list(others) },
  ];
}

function refreshOrWarn(db: Ledger, path: string, args: VerifyFlags): void {
  try {
    refresh(db, path, args);
  } catch (error) {
    warn(`not up to date, the ledger could not be written: ${toErrorMessage(error)}`);
  }
}
