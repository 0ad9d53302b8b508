import { DEFAULT_AGENT } from '../agents/registry.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { CheckFailed, UserError } from '../core/lang/user-error.ts';
import { freshLedger } from '../ingest/fresh-ledger.ts';
import type { Ledger } from '../store/connection/open.ts';
import { spoolFolder } from '../sources/machine/paths.ts';
import { Spool } from '../store/ingest/spool.ts';
import { transcriptPaths, verifyTranscripts } from '../store/verify/transcripts.ts';
import type { VerifyCheck } from '../core/finding.ts';
import type { DocumentOf } from '../schemas/schema-of.ts';
import type { verify } from '../schemas/upkeep.ts';
import { verifyLedger } from '../store/verify/ledger.ts';
import { type FlagValues, defineCommand } from './define.ts';
import { json } from './flags/json.ts';
import { printLine, warn } from './session/io.ts';
import { ledgerFlags, openOrExplain, refresh, transcriptFolders } from './session/ledger.ts';
import { currentLedgerPath, currentPrices } from './session/settings.ts';
import { progressBar } from './session/progress.ts';
import { printDocument } from './session/document.ts';

const flags = {
  json,
  transcripts: {
    type: 'boolean',
    default: true,
    describe: 'Read every transcript again and compare (--no-transcripts skips it)',
  },
  ...ledgerFlags,
} as const;

type VerifyFlags = FlagValues<typeof flags>;

export const verifyCommand = defineCommand({
  flags,
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

/** A file that can't even be opened is what was looked for. */
function selectChecks(path: string, args: VerifyFlags): VerifyCheck[] {
  try {
    const db = openOrExplain(path);
    const checks = [...verifyLedger(db), spoolCheck(path)];
    // Into a broken file nothing more is written.
    const isWhole = checks.find(({ name }) => name === 'file integrity')?.isSound === true;
    return isWhole && args.transcripts ? [...checks, ...transcriptChecks(db, path, args)] : checks;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ name: 'file', isSound: false, found: error.message }];
  }
}

/** What could not be written, and will not be by itself. */
function spoolCheck(path: string): VerifyCheck {
  const { setAside, unfinished } = new Spool(spoolFolder(path)).leftovers(Date.now());
  const names = [...setAside, ...unfinished];
  const found = names.length === 0 ? 'nothing is left over' : `not recorded: ${names.join(', ')}`;
  return { name: 'spool', isSound: names.length === 0, found };
}

function transcriptChecks(db: Ledger, path: string, args: VerifyFlags): VerifyCheck[] {
  const bar = progressBar(process.stderr, 'Reading every transcript again', 'files');
  let fresh: Ledger | null = null;
  try {
    fresh = freshLedger(DEFAULT_AGENT, currentPrices(), transcriptFolders(args), {
      onProgress: bar.update,
      alsoPaths: transcriptPaths(db),
    });
    bar.end();
    // Afterwards, so that what is appended meanwhile can only be in the ledger.
    if (args.refresh && !db.readonly) readWhatIsNew(db, path, args);
    return verifyTranscripts(fresh, path);
  } catch (error) {
    return [{ name: 'transcripts', isSound: false, found: toErrorMessage(error) }];
  } finally {
    bar.end();
    fresh?.close();
  }
}

function readWhatIsNew(db: Ledger, path: string, args: VerifyFlags): void {
  try {
    refresh(db, path, args);
  } catch (error) {
    warn(`not up to date, the ledger could not be written: ${toErrorMessage(error)}`);
  }
}
