import type { RecordJson } from '../core/record-json.ts';
import { formatShort, formatUsd } from './format.ts';
import { requestsText } from './notes.ts';
import { inputOf, recordCost } from './requests.ts';
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
  const sizes = sizesFor(style.columns);
  const bound = record.isOutputFinal ? '' : style.isUnicode ? '≥' : '>';
  const input = formatShort(inputOf(record)).padStart(6);
  const output = (bound + formatShort(record.outputTokens)).padStart(6);
  const agent = column(record.agentType ?? record.agentId ?? 'main', sizes.agent, style);
  const isSubagent = record.agentType !== null || record.agentId !== null;
  return [
    style.dim(time),
    style.cyan(record.sessionId.slice(0, 8).padEnd(8)),
    isSubagent ? style.magenta(agent) : agent,
    column(record.model, sizes.model, style),
    style.yellow(column(record.toolName ?? '-', sizes.tool, style)),
    `${input} in ${output} out`,
    style.green(recordCost(record).padStart(10)),
    style.dim(`${style.isUnicode ? 'Σ' : 'sum'} ${formatUsd(runningNanoUsd.toString(), 4)}`),
  ].join('  ');
}

export function renderTailTotal(requests: number, nanoUsd: bigint, style: Style): string {
  return style.bold(`${requestsText(requests)}, ${formatUsd(nanoUsd.toString(), 4)}`);
}

/** What all but the names takes, with a total of some dollars. */
const FIGURES = 74;

/** Of a narrow terminal the names get what the figures leave. */
function sizesFor(columns: number | null): { agent: number; model: number; tool: number } {
  const [agent, model, tool] = [16, 20, 14];
  const share = columns === null ? 1 : (columns - FIGURES) / (agent + model + tool);
  const size = (most: number): number => Math.min(most, Math.max(6, Math.floor(most * share)));
  return { agent: size(agent), model: size(model), tool: size(tool) };
}

function column(text: string, size: number, style: Style): string {
  const cut = shorten(text, size, style);
  return cut + ' '.repeat(Math.max(0, size - width(cut)));
}
