import type { CommandModule } from 'yargs';
import { renderJson } from '../render/formats.ts';
import { renderRequests, renderRequestsCsv, renderRequestsMarkdown } from '../render/requests.ts';
import { requestsReport } from '../reports/requests.ts';
import { RequestReader } from '../store/request-reader.ts';
import { type LedgerFlags, ledgerFlags, stdoutStyle, write } from './context.ts';
import { type FilterFlags, filterFlags } from './filters.ts';
import { type OutputFlags, formatOf, outputFlags } from './output.ts';
import { type OrderFlags, askedOf, orderFlags } from './report-flags.ts';

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
  const { db, reader, request } = await askedOf(args, []);
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
