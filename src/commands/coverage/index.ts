import { limitsOf } from '../../agents/registry.ts';
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
import { emptyNote } from '../../reports/empty-note.ts';
import type { CoverageDocument } from '../../reports/coverage/document.ts';
import { CoverageReader } from '../../store/client/coverage.ts';
import { type Reread, removedRecords } from '../../store/verify/lost-records.ts';
import type { Ledger } from '../../store/connection/open.ts';
import type { RecordFilter } from '../../store/records/filter.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { stdoutStyle, warn, write } from '../session/io.ts';
import { ledgerFlags, refresh, findTranscripts } from '../session/ledger.ts';
import { currentLedgerPath, currentPrices } from '../session/settings.ts';
import { filterFlags } from '../flags/filters.ts';
import { FLAG_GROUPS } from '../flags/groups.ts';
import { lastValue } from '../flags/last-value.ts';
import { chooseFormat, outputFlags, warnOfNote } from '../flags/format.ts';
import { progressBar } from '../session/progress.ts';
import { parseReportQuery } from '../flags/report.ts';

const { session, project, client, since, until, last, timezone } = filterFlags;

const flags = {
  by: {
    type: 'string',
    coerce: lastValue<CoverageDimension>,
    choices: COVERAGE_DIMENSIONS,
    describe: 'Group by one value (default: session)',
    requiresArg: true,
  },
  reconcile: {
    type: 'string',
    coerce: lastValue<string>,
    describe: "Compare with a vendor's cost or usage report instead (JSON or CSV file)",
    requiresArg: true,
  },
  strict: {
    type: 'number',
    coerce: lastValue<number>,
    describe: 'Exit 1 if the totals differ by more than N percent, or if a request was lost',
    requiresArg: true,
  },
  transcripts: {
    type: 'boolean',
    default: true,
    negated: 'Do not read all transcripts again to find lost requests',
    group: FLAG_GROUPS.transcripts,
  },
  session,
  project,
  client,
  since,
  until,
  last,
  timezone,
  ...outputFlags,
  ...ledgerFlags,
} as const;

type CoverageFlags = FlagValues<typeof flags>;

export const coverageCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook coverage --last 7d', "Compare a week with Claude Code's own totals"],
    ['tallyhook coverage --strict 1', 'In a script: exit 1 if they differ by more than 1%'],
  ],
  handler: showCoverage,
});

async function showCoverage(args: CoverageFlags): Promise<void> {
  const format = chooseFormat(args);
  const { strict } = args;
  if (strict !== undefined && !(strict >= 0)) {
    throw new UserError('--strict must be a percentage', 'Use e.g. 5 or 0.5.');
  }
  if (args.reconcile !== undefined) {
    const { reconcileWith } = await import('./reconcile.ts');
    return reconcileWith(args.reconcile, args, format);
  }
  const { by: dimension, ...filters } = args;
  // One session is shown by model.
  const usual = args.session === undefined ? 'session' : null;
  const by = dimension ?? usual;
  const { db, reader: ledger, request } = await parseReportQuery(filters, []);
  const witness = {
    reread: args.transcripts ? await reread(db, args, request.filter) : null,
    removed: removedRecords(db),
  };
  const reader = new CoverageReader(db);
  const document = await coverageReport(reader, witness, { ...request, by, limitsOf });
  if (document.totals.sessions === 0) document.note = await emptyNote(ledger, request);
  write(rendered(document, by, format));
  warnOfNote(document, format);
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

/** Reads the transcripts of the filtered sessions again, or all transcripts without a filter. */
async function reread(db: Ledger, args: CoverageFlags, filter: RecordFilter): Promise<Reread> {
  const isOfAll = Object.values(filter).every((value) => value === null);
  const sessions = isOfAll ? [] : await new CoverageReader(db).sessions(filter);
  const ids = sessions.map(({ sessionId }) => sessionId);
  if (filter.sessionId !== null) ids.push(filter.sessionId);
  const bar = progressBar(process.stderr, 'Reading transcripts again', 'files');
  try {
    return rereadTranscripts(currentPrices(), findTranscripts(args).places, {
      ledgerPath: currentLedgerPath(),
      sessions: isOfAll ? null : ids,
      onProgress: bar.update,
      // Refreshed afterwards, so that lines appended in between can only be in the ledger.
      onRead: () => {
        if (args.refresh && !db.readonly) refresh(db, currentLedgerPath(), args);
      },
    });
  } finally {
    bar.end();
  }
}

/** @throws CheckFailed, after printing the reasons */
function check({ totals }: CoverageDocument, strict: number): void {
  const faults: string[] = [];
  const { sessions, silentSessions, deviationPercent, lostRequests } = totals;
  if (lostRequests > 0) faults.push(`${lostRequests} requests were lost`);
  if (sessions > 0 && sessions === silentSessions) {
    faults.push(
      'no client has reported a total for any session, so there is nothing to compare with',
    );
  } else if (deviationPercent !== null && deviationPercent > strict) {
    faults.push(
      `Claude Code and the ledger differ by ${deviationPercent.toFixed(2)}%, more than ${strict}%`,
    );
  }
  for (const fault of faults) warn(`coverage: ${fault}`);
  if (faults.length > 0) throw new CheckFailed(faults.join('; '));
}
