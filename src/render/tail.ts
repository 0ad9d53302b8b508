import { printable } from '../core/lang/printable.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { formatShort, formatUsd } from './text/number-format.ts';
import { requestsText } from './notes.ts';
import { sumInputTokens, requestModel, recordCost } from './requests.ts';
import type { Style } from './text/style.ts';
import { width } from './text/display-width.ts';
import { shorten } from './text/table.ts';

/** One line per request: time, session, agent, model, tool, tokens, cost, running total. */
export function renderTailLine(
  record: RecordJson,
  runningNanoUsd: bigint,
  offsetMs: number,
  style: Style,
): string {
  const time = new Date(record.occurredAtMs + offsetMs).toISOString().slice(11, 19);
  const sizes = sizesFor(style.columns);
  const bound = record.isOutputFinal ? '' : style.isUnicode ? '≥' : '>';
  const input = formatShort(sumInputTokens(record));
  const output = bound + formatShort(record.outputTokens);
  const agent = column(record.agentType ?? record.agentId ?? 'main', sizes.agent, style);
  const isSubagent = record.agentType !== null || record.agentId !== null;
  return [
    style.dim(time),
    style.cyan(printable(record.sessionId.slice(0, 8)).padEnd(8)),
    isSubagent ? style.magenta(agent) : agent,
    column(requestModel(record.model, style.columns), sizes.model, style),
    style.yellow(column(record.toolName ?? '-', sizes.tool, style)),
    sizes.isNarrow
      ? `${input}/${output}`.padStart(13)
      : `${input.padStart(6)} in ${output.padStart(6)} out`,
    style.green(recordCost(record).padStart(sizes.isNarrow ? 8 : 10)),
    style.dim(`${style.isUnicode ? 'Σ' : 'sum'} ${formatUsd(runningNanoUsd.toString(), 4)}`),
  ].join('  ');
}

export function renderTailTotal(requests: number, nanoUsd: bigint): string {
  return `${requestsText(requests)}, ${formatUsd(nanoUsd.toString(), 4)}`;
}

interface Sizes {
  agent: number;
  model: number;
  tool: number;
  isNarrow: boolean;
}

/** The width of everything but the names, with a total of some dollars. */
const FIGURES = 70;
const NARROW_FIGURES = 61;

/** On a narrow terminal the names share the space that the figures leave. */
function sizesFor(columns: number | null): Sizes {
  if (columns === null || columns >= FIGURES + 50) {
    return { agent: 16, model: 20, tool: 14, isNarrow: false };
  }
  const isNarrow = columns < 100;
  const left = columns - (isNarrow ? NARROW_FIGURES : FIGURES);
  const part = (share: number, least: number): number => Math.max(least, Math.floor(left * share));
  return { agent: part(0.3, 5), model: part(0.4, 9), tool: part(0.3, 5), isNarrow };
}

function column(text: string, size: number, style: Style): string {
  const cut = shorten(printable(text), size, style);
  return cut + ' '.repeat(Math.max(0, size - width(cut)));
}
