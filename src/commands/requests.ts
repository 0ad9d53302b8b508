import type { CommandModule } from 'yargs';
import { renderJson } from '../render/text/report-formats.ts';
import { renderRequests, renderRequestsCsv, renderRequestsMarkdown } from '../render/requests.ts';
import { requestsReport } from '../reports/requests.ts';
import { RequestReader } from '../store/records/request-reader.ts';
import { type LedgerFlags, ledgerFlags, stdoutStyle, write } from './session/ledger.ts';
import { type FilterFlags, filterFlags } from './flags/filters.ts';
import { type OutputFlags, formatOf, outputFlags } from './flags/format.ts';
import { type OrderFlags, parseReportQuery, orderFlags } from './flags/report.ts';

interface RequestsFlags extends LedgerFlags, FilterFlags, OutputFlags, OrderFlags {}

const SHOWN = 50;

export const requestsCommand: CommandModule<object, RequestsFlags> = {
  builder: (yargs) =>
    yargs.options({
      ...orderFlags,
      limit: { ...orderFlags.limit, default: SHOWN, describe: 'Show so many' },
      ...outputFlags,
      ...filterFlags,
      ...ledgerFlags,
    }),
  handler: (args) => runRequests(args),
};

async function runRequests(args: RequestsFlags): Promise<void> {
  const format = formatOf(args);
  const { db, reader, request } = await parseReportQuery(args, []);
  const report = await requestsReport(reader, new RequestReader(db), request);
  const view = { style: stdoutStyle(), offset: request.offset };
  write(
    {
      table: () => renderRequests(report, view),
      json: () => renderJson(report),
      csv: () => renderRequestsCsv(report),
      md: () => renderRequestsMarkdown(report, view),
    }[format](),
  );
}
