import { renderJson } from '../render/text/report-formats.ts';
import { renderRequests, renderRequestsCsv, renderRequestsMarkdown } from '../render/requests.ts';
import { requestsReport } from '../reports/requests.ts';
import { RequestReader } from '../store/records/request-reader.ts';
import { type FlagValues, defineCommand } from './define.ts';
import { stdoutStyle, write } from './session/io.ts';
import { ledgerFlags } from './session/ledger.ts';
import { filterFlags } from './flags/filters.ts';
import { chooseFormat, outputFlags, warnOfNote } from './flags/format.ts';
import { parseReportQuery, orderFlags } from './flags/report.ts';

const SHOWN = 50;

const flags = {
  ...orderFlags,
  limit: { ...orderFlags.limit, default: SHOWN, describe: 'Show at most N' },
  ...outputFlags,
  ...filterFlags,
  ...ledgerFlags,
} as const;

export const requestsCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook requests --session last', 'The requests of the last session'],
    ['tallyhook requests --model opus --since 2026-11-01 --limit 200', 'Requests to one model'],
  ],
  handler: showRequests,
});

async function showRequests(args: FlagValues<typeof flags>): Promise<void> {
  const format = chooseFormat(args);
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
  warnOfNote(report, format);
}
