import type { Report, Totals } from '../reports/report.ts';
import { formatCount, formatExactUsd, formatUsd } from './text/number-format.ts';
import type { Style } from './text/style.ts';
import { wrapText } from './text/wrap.ts';

type Noted = Pick<Report, 'totals' | 'unmeteredRequests' | 'unattributedCostNanoUsd'>;

/** What the figures alone do not show. */
export function formatNotes(report: Noted, style: Pick<Style, 'isUnicode'>): string[] {
  const { totals, unattributedCostNanoUsd: unattributed } = report;
  const lines: string[] = [];
  if (BigInt(totals.estimatedCostNanoUsd) > 0n) {
    const amount = formatUsd(totals.estimatedCostNanoUsd, 4);
    lines.push(
      `~ ${amount} is estimated: the model has no known price, so another model's price was used`,
    );
  }
  const { unmeteredRequests = 0 } = report;
  const withoutPrice = Number(totals.unpricedRequests) - unmeteredRequests;
  if (withoutPrice > 0) {
    lines.push(`? ${requestsText(withoutPrice)} without a price, counted as zero`);
  }
  if (unmeteredRequests > 0) {
    lines.push(
      `? ${requestsText(unmeteredRequests)} without readable token counts (unmetered), counted as zero`,
    );
  }
  if (Number(totals.incompleteRequests) > 0) {
    const count = requestsText(totals.incompleteRequests);
    lines.push(
      `${style.isUnicode ? '≥' : '>='} ${count}: the transcript was written before the reply finished, so output is a minimum`,
    );
  }
  if (unattributed !== undefined && BigInt(unattributed) !== 0n) {
    const isLess = BigInt(unattributed) < 0n;
    const amount = formatExactUsd(String(unattributed).replace('-', ''));
    lines.push(
      isLess
        ? `- Claude Code reports ${amount} less than recorded. Run tallyhook coverage for details.`
        : `+ Claude Code reports ${amount} more than recorded. Run tallyhook coverage for details.`,
    );
  }
  return lines;
}

/** The notes after a blank line; empty without notes. */
export function paintedNotes(report: Noted, style: Style): string[] {
  const lines = formatNotes(report, style).flatMap((note) => wrapText(note, style.columns));
  return lines.length > 0 ? ['', ...lines.map((line) => style.yellow(line))] : [];
}

export function requestsText(count: Totals['requests']): string {
  return `${formatCount(count)} ${Number(count) === 1 ? 'request' : 'requests'}`;
}
