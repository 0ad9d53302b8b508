import { EXPORT_FORMATS, type ExportFormat } from '../core/settings/kinds.ts';
import { statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { UserError } from '../core/lang/user-error.ts';
import { groupsText, recordsText, sharesText } from '../render/export.ts';
import { plural } from '../render/text/number-format.ts';
import { isAttributed } from '../reports/dimensions.ts';
import { summarizeShares } from '../reports/shares/shares.ts';
import { emptyNote } from '../reports/empty-note.ts';
import { summarize } from '../reports/summary.ts';
import { logProblem } from '../sources/machine/diagnostics.ts';
import { type Output, fileOutput, streamOutput } from '../sources/files/output.ts';
import { expandPath } from '../sources/machine/paths.ts';
import { AttributionReader } from '../store/attribution/reader.ts';
import { ExportReader } from '../store/records/export.ts';
import { type FlagValues, defineCommand } from './define.ts';
import { warn } from './session/io.ts';
import { ledgerFlags, openReader } from './session/ledger.ts';
import { parseDimensions, filterFlags, parseFilterFlags, parseZone } from './flags/filters.ts';
import { UnknownValue } from './flags/known-values.ts';
import { lastValue } from './flags/last-value.ts';
import { attributedFlag } from './flags/report.ts';

/** Without it Excel takes UTF-8 for the machine's old code page. */
const BYTE_ORDER_MARK = '\uFEFF';

const flags = {
  format: {
    type: 'string',
    coerce: lastValue<ExportFormat>,
    choices: EXPORT_FORMATS,
    describe: "csv, json or ndjson (default: the file's extension; csv on stdout)",
    requiresArg: true,
  },
  excel: {
    type: 'boolean',
    default: false,
    describe: 'CSV that Excel opens with every character intact (UTF-8 with a byte order mark)',
  },
  output: {
    type: 'string',
    alias: 'o',
    coerce: lastValue<string>,
    describe: 'Write this file, completely or not at all (default and -: stdout)',
    requiresArg: true,
  },
  by: {
    type: 'string',
    array: true,
    describe: 'Export groups instead of requests, e.g. --by model,day',
    requiresArg: true,
  },
  ...attributedFlag,
  // Set by the hook at the end of a session: nobody watches its output, so errors go to a log.
  problems: { type: 'string', coerce: lastValue<string>, hidden: true },
  ...filterFlags,
  ...ledgerFlags,
} as const;

export const exportCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook export --output costs.csv --last 30d', 'All requests of the last 30 days as CSV'],
    ['tallyhook export --by project,month --format json', 'Cost by project and month as JSON'],
  ],
  handler: async (args) => {
    if (args.problems === undefined) return exportLedger(args);
    try {
      await exportLedger(args);
    } catch (error) {
      // A session without a request has nothing to export.
      if (error instanceof UnknownValue) return;
      logProblem(args.problems, 'export', error, Date.now());
    }
  },
});

async function exportLedger(args: FlagValues<typeof flags>): Promise<void> {
  const nowMs = Date.now();
  const zone = parseZone(args);
  const by = parseDimensions(args.by);
  const path = args.output === undefined || args.output === '-' ? null : args.output;
  const format = args.format ?? (args.excel ? 'csv' : chooseExportFormat(path));
  if (args.excel && format !== 'csv') {
    throw new UserError(`--excel writes CSV, not ${format}`, 'Leave out --format, or --excel.');
  }
  const output = path === null ? streamOutput(process.stdout) : openOutput(path);
  let count = 0;
  let note: string | undefined;
  try {
    if (args.excel) await output.write(BYTE_ORDER_MARK);
    const { db, reader } = openReader(args);
    const { filter, filters } = await parseFilterFlags(args, { db, reader }, zone.offset, nowMs);
    if (by.length > 0) {
      const request = { filter, filters, by, ...zone, order: null, limit: null, nowMs };
      if (isAttributed(by, args.attributed)) {
        const report = await summarizeShares(reader, new AttributionReader(db), request);
        count = report.groups.length;
        await output.write(sharesText(format, report, by));
      } else {
        const report = await summarize(reader, request);
        count = report.groups.length;
        await output.write(groupsText(format, report, by));
      }
    } else {
      const generatedAt = new Date(nowMs).toISOString();
      const header = { schemaVersion: 1, generatedAt, timezone: zone.timezone, filters } as const;
      const records = new ExportReader(db);
      const pages = counted(records.pages(filter), (rows) => (count += rows));
      for (const text of recordsText(format, header, records.fields(), pages)) {
        await output.write(text);
      }
    }
    if (count === 0 && Object.keys(filters).length > 0)
      note = await emptyNote(reader, { filter, filters, ...zone });
    output.end();
  } catch (error) {
    output.abort();
    throw path === null ? error : fileError(path, error);
  }
  if (note !== undefined) warn(note);
  if (path === null) return;
  const what = by.length > 0 ? 'group' : 'request';
  warn(`${plural(count, what)} in ${path}`);
}

function* counted<Row>(pages: Iterable<Row[]>, add: (rows: number) => void): Generator<Row[]> {
  for (const page of pages) {
    add(page.length);
    yield page;
  }
}

/** The format that a file's extension names; CSV without one. @throws UserError for any other extension */
function chooseExportFormat(path: string | null): ExportFormat {
  const extension = extname(path ?? '').slice(1);
  if (extension === '') return 'csv';
  const format = EXPORT_FORMATS.find((one) => one === extension.toLowerCase());
  if (format !== undefined) return format;
  throw new UserError(
    `--output: .${extension} is not an export format (${path})`,
    'Use .csv, .json or .ndjson, or add --format.',
  );
}

/** Opens the file before the ledger is read, so that a wrong path fails at once. @throws UserError */
function openOutput(path: string): Output {
  const file = expandPath(path, process.env);
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new UserError(
        `--output: ${path} is a folder`,
        `Name a file in it, e.g. ${path}/costs.csv.`,
      );
    }
    if (statSync(dirname(file), { throwIfNoEntry: false }) === undefined) {
      throw new UserError(`--output: there is no folder ${dirname(path)}`, 'Create it first.');
    }
    return fileOutput(file);
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Errors of the file system concern the output file; any other error is passed on. */
function fileError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  return new UserError(`--output: can't write ${path}: ${toErrorMessage(error)}`, null);
}
