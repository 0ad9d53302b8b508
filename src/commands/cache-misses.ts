import type { CommandModule } from 'yargs';
import { cacheMissesCsv, cacheMissesMarkdown, renderCacheMisses } from '../render/cache-misses.ts';
import { renderJson } from '../render/text/report-formats.ts';
import { cacheMissReport } from '../reports/cache-misses.ts';
import { AttributionReader } from '../store/attribution/reader.ts';
import { type LedgerFlags, ledgerFlags, stdoutStyle, write } from './session/ledger.ts';
import { type FilterFlags, filterFlags } from './flags/filters.ts';
import { type OutputFlags, formatOf, outputFlags } from './flags/format.ts';
import { parseReportQuery, orderFlags } from './flags/report.ts';

interface MissFlags extends LedgerFlags, FilterFlags, OutputFlags {
  limit?: number | undefined;
}

const SHOWN = 20;

export const cacheMissesCommand: CommandModule<object, MissFlags> = {
  builder: (yargs) =>
    yargs.options({
      limit: { ...orderFlags.limit, default: SHOWN, describe: 'Show so many, the dearest first' },
      ...outputFlags,
      ...filterFlags,
      ...ledgerFlags,
    }),
  handler: async (args) => {
    const format = formatOf(args);
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
  },
};
