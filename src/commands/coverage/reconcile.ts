import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseJson } from '../../core/lang/json.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { CheckFailed, UserError } from '../../core/lang/user-error.ts';
import { type Format, renderJson } from '../../render/text/report-formats.ts';
import {
  reconcileSheet,
  renderReconciliation,
  renderReconciliationCsv,
} from '../../render/reconcile.ts';
import { markdownTable } from '../../render/text/markdown.ts';
import { unbounded } from '../../render/text/style.ts';
import { reconcileWithVendor } from '../../reports/reconcile/reconcile.ts';
import { vendorReportOfCsv } from '../../reports/reconcile/vendor-csv.ts';
import { vendorReportOfJson } from '../../reports/reconcile/vendor-json.ts';
import type { VendorReport } from '../../reports/reconcile/vendor-report.ts';
import { csvRows } from '../../sources/files/csv.ts';
import { expandPath } from '../../sources/machine/paths.ts';
import { stdoutStyle, warn, write } from '../session/io.ts';
import { type LedgerFlags, openReader } from '../session/ledger.ts';

const SUPPORTED =
  "Use Anthropic's cost_report or usage_report/messages or OpenAI's organization/costs or usage as JSON, or a CSV export of their consoles.";
/** A month of an organisation by model is a few megabytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Runs `coverage --reconcile FILE`. @throws UserError for a file that is not a vendor's report */
export async function reconcileWith(
  file: string,
  args: LedgerFlags & { strict?: number | undefined },
  format: Format,
): Promise<void> {
  const path = expandPath(file, process.env);
  const report = reportIn(path);
  if (report.hasMore) warn(`${path}: the report has further pages, which are not in this file`);
  if (report.skipped > 0)
    warn(`${path}: ${report.skipped} lines were skipped because they are not understood`);
  const { reader } = openReader(args);
  const document = await reconcileWithVendor(reader, report, {
    file: basename(path),
    nowMs: Date.now(),
  });
  const style = stdoutStyle();
  write(
    {
      table: () => renderReconciliation(document, style),
      json: () => renderJson(document),
      csv: () => renderReconciliationCsv(document),
      md: () => `${markdownTable(reconcileSheet(document, unbounded(style)))}\n`,
    }[format](),
  );
  const { strict } = args;
  const { deviationPercent } = document;
  if (strict === undefined || deviationPercent === null || deviationPercent <= strict) return;
  warn(
    `coverage: ${report.vendor} and the ledger differ by ${deviationPercent.toFixed(2)}%, more than ${strict}%`,
  );
  throw new CheckFailed('the ledger differs from the report');
}

function reportIn(path: string): VendorReport {
  const text = textIn(path);
  const isJson = /^\s*[[{]/.test(text);
  const report = isJson ? jsonReport(path, text) : csvReport(path, text);
  if (report === null) throw new UserError(`${path} is not a known vendor report`, SUPPORTED);
  return report;
}

function textIn(path: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) throw new Error('the file is too large');
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UserError(`--reconcile: cannot read ${path}: ${toErrorMessage(error)}`, null);
  }
}

function jsonReport(path: string, text: string): VendorReport | null {
  const value = parseJson(text);
  if (value === undefined) throw new UserError(`${path} is not valid JSON`, SUPPORTED);
  return vendorReportOfJson(value);
}

function csvReport(path: string, text: string): VendorReport | null {
  const read = csvRows(text);
  if (!read.ok) throw new UserError(`${path} is not valid CSV: ${read.message}`, SUPPORTED);
  return vendorReportOfCsv(read.rows);
}
