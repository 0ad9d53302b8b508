import { cacheMissesCsv, cacheMissesMarkdown, renderCacheMisses } from '../render/cache-misses.ts';
import { renderJson } from '../render/text/report-formats.ts';
import { cacheMissReport } from '../reports/cache-misses.ts';
import { AttributionReader } from '../store/attribution/reader.ts';
import { defineCommand } from './define.ts';
import { stdoutStyle, write } from './session/io.ts';
import { ledgerFlags } from './session/ledger.ts';
import { filterFlags } from './flags/filters.ts';
import { chooseFormat, outputFlags, warnOfNote } from './flags/format.ts';
import { parseReportQuery, orderFlags } from './flags/report.ts';

const SHOWN = 20;

export const cacheMissesCommand = defineCommand({
  flags: {
    limit: {
      ...orderFlags.limit,
      default: SHOWN,
      describe: 'Show at most N, the most expensive first',
    },
    ...outputFlags,
    ...filterFlags,
    ...ledgerFlags,
  },
  examples: [
    ['tallyhook cache-misses --last 7d', 'What lost caches cost in the last week'],
    ['tallyhook cache-misses --session last', 'The cache misses of the last session'],
  ],
  handler: async (args) => {
    const format = chooseFormat(args);
    const { db, reader, request } = await parseReportQuery(args, []);
    const report = await cacheMissReport(reader, new AttributionReader(db), request);
    const view = { style: stdoutStyle(), offset: request.offset };
    write(
      {
        table: () => renderCacheMisses(report, view),
        json: () => renderJson(report),
        csv: () => cacheMissesCsv(report),
        md: () => cacheMissesMarkdown(report, view),
      }[format](),
    );
    warnOfNote(report, format);
  },
});
