import { printable } from '../core/lang/printable.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { formatShort, formatUsd } from './text/number-format.ts';
import { requestsText } from './notes.ts';
import { sumInputTokens, requestModel, recordCost, recordTool } from './requests.ts';
import type { Style } from './text/style.ts';
import { width } from './text/display-width.ts';
import { shorten } from './text/table.ts';

/** A line with the day, shown before the first request of another day than before. */
export function renderTailDay(day: number, style: Style): string {
  return style.bold(new Date(day * DAY_MS).toISOString().slice(0, 10));
}

/**
 * One line per request: time, session, agent, model, tool, tokens, cost, running total. It fits the
 * terminal: names are cut, then the parts that matter least are left out.
 */
export function renderTailLine(
  record: RecordJson,
  runningNanoUsd: bigint,
  offsetMs: number,
  style: Style,
): string {
  const time = new Date(record.occurredAtMs + offsetMs).toISOString().slice(11, 19);
  const isNarrow = style.columns !== null && style.columns < 100;
  const bound = record.isOutputFinal ? '' : style.isUnicode ? '≥' : '>';
  const input = formatShort(sumInputTokens(record));
  const output = bound + formatShort(record.outputTokens);
  const figures: Record<FigurePart, string> = {
    time,
    session: column(record.sessionId.slice(0, 8), 8, style),
    tokens: isNarrow
      ? `${input}/${output}`.padStart(13)
      : `${input.padStart(6)} in ${output.padStart(6)} out`,
    cost: recordCost(record).padStart(isNarrow ? 8 : 10),
    total: `${style.isUnicode ? 'Σ' : 'sum'} ${formatUsd(runningNanoUsd.toString(), 4)}`,
  };
  const sizes = sizesFor(style.columns, figures, isNarrow);
  const name = (part: NamePart, text: string): string => column(text, sizes.get(part) ?? 0, style);
  const isSubagent = record.agentType !== null || record.agentId !== null;
  const agent = name('agent', record.agentType ?? record.agentId ?? 'main');
  const parts: Record<Part, string> = {
    time: style.dim(time),
    session: style.cyan(figures.session),
    agent: isSubagent ? style.magenta(agent) : agent,
    model: name('model', requestModel(record.model, style.columns)),
    tool: style.yellow(name('tool', recordTool(record))),
    tokens: figures.tokens,
    cost: style.green(figures.cost),
    total: style.dim(figures.total),
  };
  return PARTS.filter((part) => sizes.has(part))
    .map((part) => parts[part])
    .join('  ');
}

export function renderTailTotal(requests: number, nanoUsd: bigint): string {
  return `${requestsText(requests)}, ${formatUsd(nanoUsd.toString(), 4)}`;
}

const PARTS = ['time', 'session', 'agent', 'model', 'tool', 'tokens', 'cost', 'total'] as const;
type Part = (typeof PARTS)[number];
type NamePart = 'agent' | 'model' | 'tool';
type FigurePart = Exclude<Part, NamePart>;

/** What a very narrow terminal leaves out, in this order. */
const LEFT_OUT = ['tool', 'agent', 'session', 'tokens', 'total', 'model', 'time'] as const;

const LEAST_MODEL = 9;
const LEAST_NAME = 5;
const FULL_SIZES = { agent: 16, model: 20, tool: 14 };
const GAP = 2;

/** The width of everything but the names, with a total of some dollars. */
const FIGURES = 70;
const NARROW_FIGURES = 61;

const isName = (part: Part): part is NamePart =>
  part === 'agent' || part === 'model' || part === 'tool';

/** The parts that fit, with their widths. Names share the space that the figures leave. */
function sizesFor(
  columns: number | null,
  figures: Record<FigurePart, string>,
  isNarrow: boolean,
): Map<Part, number> {
  const sizes = new Map<Part, number>(
    PARTS.map((part) => [part, isName(part) ? 0 : width(figures[part])]),
  );
  const sum = (): number => [...sizes.values()].reduce((total, size) => total + size + GAP, -GAP);
  // Kept for a larger total, so that the same parts are shown and the columns line up.
  const spare = Math.max(0, (isNarrow ? NARROW_FIGURES : FIGURES) - sum());
  const setNames = (all: Record<NamePart, number>): void => {
    for (const part of sizes.keys()) if (isName(part)) sizes.set(part, all[part]);
  };
  const left = columns === null ? Infinity : columns - sum() - spare;
  if (left >= 50) {
    setNames(FULL_SIZES);
    return sizes;
  }
  const most = Math.max(0, columns ?? 0);
  const model = Math.max(LEAST_MODEL, Math.floor(left * 0.4));
  const other = Math.max(
    LEAST_NAME,
    Math.min(Math.floor(left * 0.3), Math.floor((left - model) / 2)),
  );
  setNames({ agent: other, model, tool: other });
  for (const part of LEFT_OUT) {
    if (sum() + (sizes.has('total') ? spare : 0) <= most) break;
    sizes.delete(part);
  }
  return sizes;
}

function column(text: string, size: number, style: Style): string {
  const cut = shorten(printable(text), size, style);
  return cut + ' '.repeat(Math.max(0, size - width(cut)));
}
