import type { Dimension } from '../reports/dimensions.ts';
import type { ShareGroup, ShareReport } from '../reports/shares/shares.ts';
import { NOTHING, keyColumn, keyText, percent, right, share, shareBar } from './text/cells.ts';
import { type CsvValue, csvLine } from './text/csv.ts';
import { formatUsd, usdDigits } from './text/number-format.ts';
import { type Format, markdownNotes, renderJson } from './text/report-formats.ts';
import { markdownTable } from './text/markdown.ts';
import { paintedNotes } from './notes.ts';
import type { Style } from './text/style.ts';
import { type Sheet, renderSheet } from './text/table.ts';

interface ShareView {
  by: Dimension[];
  style: Style;
}

/** A report of shares as text. A request's cost is divided among its causes; its tokens are not. */
export const SHARE_RENDERERS: Record<Format, (report: ShareReport, view: ShareView) => string> = {
  table: (report, view) => {
    if (report.totals.requests === 0) return `${report.note ?? NOTHING}\n`;
    const table = renderSheet(shareSheet(report, view), view.style);
    return `${[table, ...paintedNotes(report, view.style)].join('\n')}\n`;
  },
  json: renderJson,
  csv: ({ groups }, { by }) => shareCsv(groups, by),
  md: (report, view) => {
    if (report.totals.requests === 0) return `${report.note ?? NOTHING}\n`;
    return `${[markdownTable(shareSheet(report, view)), ...markdownNotes(report)].join('\n')}\n`;
  },
};

function shareSheet({ totals, groups }: ShareReport, { by, style }: ShareView): Sheet {
  const digits = usdDigits(totals.costNanoUsd);
  const total = Number(totals.costNanoUsd);
  return {
    columns: [...by.map(keyColumn), right('Cost'), share(style)],
    rows: groups.map((group) => [
      ...by.map((name, index) =>
        index > 0 && group.key['other'] === true ? '' : keyText(group, name, style),
      ),
      formatUsd(group.costNanoUsd, digits),
      shareBar(Number(group.costNanoUsd), total, style),
    ]),
    last: [
      'Total',
      ...by.slice(1).map(() => ''),
      formatUsd(totals.costNanoUsd, digits),
      total > 0 ? percent(1).padStart(6) : '',
    ],
  };
}

/** One row per group, without a total, so that the column can be summed. */
export function shareCsv(groups: readonly ShareGroup[], by: readonly Dimension[]): string {
  const rows = groups.map(({ key, costNanoUsd, costUsd }) => [
    ...by.map((name, index): CsvValue =>
      key['other'] === true ? (index === 0 ? '(others)' : null) : (key[name] ?? null),
    ),
    typeof costNanoUsd === 'string' ? BigInt(costNanoUsd) : costNanoUsd,
    costUsd,
  ]);
  return [[...by, 'costNanoUsd', 'costUsd'], ...rows].map(csvLine).join('');
}
