import { DEFAULT_AGENT } from '../../agents/registry.ts';
import { CheckFailed, UserError } from '../../core/lang/user-error.ts';
import { rereadTranscripts } from '../../ingest/reread.ts';
import {
  renderCoverage,
  renderCoverageCsv,
  renderCoverageMarkdown,
} from '../../render/coverage.ts';
import { type Format, renderJson } from '../../render/text/report-formats.ts';
import {
  COVERAGE_DIMENSIONS,
  type CoverageDimension,
  coverageReport,
} from '../../reports/coverage/coverage.ts';
import type { CoverageDocument } from '../../reports/coverage/document.ts';
import { CoverageReader } from '../../store/client/coverage.ts';
import { type Reread, removedRecords } from '../../store/verify/lost-records.ts';
import type { Ledger } from '../../store/connection/open.ts';
import type { RecordFilter } from '../../store/records/filter.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { stdoutStyle, warn, write } from '../session/io.ts';
import { ledgerFlags, refresh, transcriptFolders } from '../session/ledger.ts';
import { currentLedgerPath, currentPrices } from '../session/settings.ts';
import { filterFlags } from '../flags/filters.ts';
import { lastValue } from '../flags/last-value.ts';
import { chooseFormat, outputFlags } from '../flags/format.ts';
import { progressBar } from '../session/progress.ts';
import { parseReportQuery } from '../flags/report.ts';

const { session, project, since, until, last, timezone } = filterFlags;

const flags = {
  by: {
    type: 'string',
    coerce: lastValue<CoverageDimension>,
    choices: COVERAGE_DIMENSIONS,
    describe: 'Group by one of them (session)',
    requiresArg: true,
  },
  reconcile: {
    type: 'string',
    coerce: lastValue<string>,
    describe: "Compare with a vendor's cost or usage report instead: JSON or CSV",
    requiresArg: true,
  },
  strict: {
    type: 'number',
    coerce: lastValue<number>,
    describe: 'Exit 1 where they differ by more percent, or where a request was lost',
    requiresArg: true,
  },
  transcripts: {
    type: 'boolean',
    default: true,
    describe: 'Read transcripts again to find what was lost (--no-transcripts skips it)',
  },
  session,
  project,
  since,
  until,
  last,
  timezone,
  ...outputFlags,
  ...ledgerFlags,
} as const;

type CoverageFlags = FlagValues<typeof flags>;

export const coverageCommand = defineCommand({ flags, handler: showCoverage });

async function showCoverage(args: CoverageFlags): Promise<void> {
  const format = chooseFormat(args);
  const { strict } = args;
  if (strict !== undefined && !(strict >= 0)) {
    throw new UserError('--strict: that is no number of percent', 'Write it as 5 or 0.5.');
  }
  if (args.reconcile !== undefined) {
    const { reconcileWith } = await import('./reconcile.ts');
    return reconcileWith(args.reconcile, args, format);
  }
  const { by: dimension, ...asked } = args;
  // One session is shown by model.
  const usual = args.session === undefined ? 'session' : null;
  const by = dimension ?? usual;
  const { db, request } = await parseReportQuery(asked, []);
  const witness = {
    reread: args.transcripts ? await reread(db, args, request.filter) : null,
    removed: removedRecords(db),
  };
  const reader = new CoverageReader(db);
  const document = await coverageReport(reader, witness, { ...request, by });
  write(rendered(document, by, format));
  if (strict !== undefined) check(document, strict);
}

function rendered(
  document: CoverageDocument,
  by: CoverageDimension | null,
  format: Format,
): string {
  const style = stdoutStyle();
  return {
    table: () => renderCoverage(document, by, style),
    json: () => renderJson(document),
    csv: () => renderCoverageCsv(document, by),
    md: () => renderCoverageMarkdown(document, by, style),
  }[format]();
}

/** Of some sessions only their transcripts are read again. */
async function reread(db: Ledger, args: CoverageFlags, filter: RecordFilter): Promise<Reread> {
  const isOfAll = Object.values(filter).every((value) => value === null);
  const sessions = isOfAll ? [] : await new CoverageReader(db).sessions(filter);
  const ids = sessions.map(({ sessionId }) => sessionId);
  if (filter.sessionId !== null) ids.push(filter.sessionId);
  const bar = progressBar(process.stderr, 'Reading transcripts again', 'files');
  try {
    return rereadTranscripts(DEFAULT_AGENT, currentPrices(), transcriptFolders(args), {
      ledgerPath: currentLedgerPath(),
      sessions: isOfAll ? null : ids,
      onProgress: bar.update,
      // Afterwards, so that what is appended meanwhile can only be in the ledger.
      onRead: () => {
        if (args.refresh && !db.readonly) refresh(db, currentLedgerPath(), args);
      },
    });
  } finally {
    bar.end();
  }
}

/** @throws CheckFailed, after it has said why */
function check({ totals }: CoverageDocument, strict: number): void {
  const faults: string[] = [];
  const { sessions, silentSessions, deviationPercent, lostRequests } = totals;
  if (lostRequests > 0) faults.push(`${lostRequests} requests were lost`);
  if (sessions > 0 && sessions === silentSessions) {
    faults.push('no client has said what it spent, so there is nothing to compare with');
  } else if (deviationPercent !== null && deviationPercent > strict) {
    faults.push(
      `client and ledger differ by ${deviationPercent.toFixed(2)}%, more than ${strict}%`,
    );
  }
  for (const fault of faults) warn(`coverage: ${fault}`);
  if (faults.length > 0) throw new CheckFailed(faults.join('; '));
}
