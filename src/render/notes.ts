import type { Report, Totals } from '../reports/report.ts';
import { formatCount, formatExactUsd, formatUsd } from './text/number-format.ts';
import type { Style } from './text/style.ts';
import { wrapText } from './text/wrap.ts';

type Noted = Pick<Report, 'totals' | 'unattributedCostNanoUsd'>;

/** What the figures do not say by themselves. */
export function formatNotes(report: Noted, style: Pick<Style, 'isUnicode'>): string[] {
  const { totals, unattributedCostNanoUsd: unattributed } = report;
  const lines: string[] = [];
  if (BigInt(totals.estimatedCostNanoUsd) > 0n) {
    const amount = formatUsd(totals.estimatedCostNanoUsd, 4);
    lines.push(`~ ${amount} of it at another model's price: this one has none`);
  }
  if (Number(totals.unpricedRequests) > 0) {
    lines.push(`? without a price, counted as zero: ${requestsText(totals.unpricedRequests)}`);
  }
  if (Number(totals.incompleteRequests) > 0) {
    const count = requestsText(totals.incompleteRequests);
    lines.push(
      `${style.isUnicode ? '≥' : '>='} output is only a lower bound, as written too early: ${count}`,
    );
  }
  if (unattributed !== undefined && BigInt(unattributed) !== 0n) {
    const isLess = BigInt(unattributed) < 0n;
    const amount = formatExactUsd(String(unattributed).replace('-', ''));
    lines.push(
      isLess
        ? `- ${amount} less is what the client says it spent (tallyhook coverage tells why)`
        : `+ ${amount} more is what the client says it spent, in no record here (tallyhook coverage tells why)`,
    );
  }
  return lines;
}

/** The notes behind a blank line; nothing where there are none. */
export function paintedNotes(report: Noted, style: Style): string[] {
  const lines = formatNotes(report, style).flatMap((note) => wrapText(note, style.columns));
  return lines.length > 0 ? ['', ...lines.map((line) => style.yellow(line))] : [];
}

export function requestsText(count: Totals['requests']): string {
  return `${formatCount(count)} ${Number(count) === 1 ? 'request' : 'requests'}`;
}
