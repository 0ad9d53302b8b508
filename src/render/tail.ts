import type { RecordJson } from '../core/record-json.ts';
import { formatCount, formatShort, formatUsd } from './format.ts';
import type { Style } from './style.ts';
import { shorten, width } from './table.ts';

/** One line per request: time, session, agent, model, tool, tokens, cost, running total. */
export function renderTailLine(
  record: RecordJson,
  runningNanoUsd: bigint,
  offsetMs: number,
  style: Style,
): string {
  const time = new Date(record.occurredAtMs + offsetMs).toISOString().slice(11, 19);
  const tokensIn =
    record.inputTokens +
    record.cacheReadTokens +
    record.cacheWrite5mTokens +
    record.cacheWrite1hTokens;
  const cost = record.costNanoUsd === null ? 'no price' : formatUsd(record.costNanoUsd, 4);
  const mark = record.priceBasis === 'fallback' ? '~' : '';
  const bound = record.isOutputFinal ? '' : style.isUnicode ? '≥' : '>';
  return [
    style.dim(time),
    record.sessionId.slice(0, 8).padEnd(8),
    column(record.agentType ?? record.agentId ?? 'main', 16, style),
    column(record.model, 20, style),
    column(record.toolName ?? '-', 14, style),
    `${formatShort(tokensIn).padStart(6)} in ${(bound + formatShort(record.outputTokens)).padStart(6)} out`,
    style.green((mark + cost).padStart(10)),
    style.dim(`${style.isUnicode ? 'Σ' : 'sum'} ${formatUsd(runningNanoUsd.toString(), 4)}`),
  ].join('  ');
}

export function renderTailTotal(requests: number, nanoUsd: bigint, style: Style): string {
  return style.bold(`${formatCount(requests)} requests, ${formatUsd(nanoUsd.toString(), 4)}`);
}

function column(text: string, size: number, style: Style): string {
  const cut = shorten(text, size, style);
  return cut + ' '.repeat(Math.max(0, size - width(cut)));
}
