import type { ZoneOffset } from '../core/time/period.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import type { RequestsReport } from '../reports/requests.ts';
import { NOTHING, left, localTime, right } from './text/cells.ts';
import { csvLine } from './text/csv.ts';
import { formatCount, formatShort, formatUsd } from './text/number-format.ts';
import { markdownTable, markdownText } from './text/markdown.ts';
import { requestsText } from './notes.ts';
import { type Style, unbounded } from './text/style.ts';
import { type Sheet, renderSheet } from './text/table.ts';

export interface RequestsView {
  style: Style;
  offset: ZoneOffset;
}

/** Single requests, one per line. */
export function renderRequests(report: RequestsReport, view: RequestsView): string {
  const { style } = view;
  if (report.records.length === 0) return `${report.note ?? NOTHING}\n`;
  const lines = [renderSheet(requestsSheet(report.records, view), style)];
  const { totals } = report;
  const all = `${requestsText(totals.requests)}, ${formatUsd(totals.costNanoUsd, 4)}`;
  const isAll = totals.requests === report.records.length;
  const rest = `${formatCount(report.records.length)} of ${all}; use --limit to show more`;
  lines.push('', style.dim(isAll ? all : rest));
  return `${lines.join('\n')}\n`;
}

export function renderRequestsMarkdown(report: RequestsReport, view: RequestsView): string {
  if (report.records.length === 0) return `${markdownText(report.note ?? NOTHING)}\n`;
  const style = unbounded(view.style);
  return `${markdownTable(requestsSheet(report.records, { ...view, style }))}\n`;
}

/** The CSV columns, by their JSON names. */
const COLUMNS = [
  'id',
  'occurredAtMs',
  'sessionId',
  'promptId',
  'agentId',
  'agentType',
  'client',
  'model',
  'provider',
  'taskType',
  'toolName',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'webSearchRequests',
  'costNanoUsd',
  'costUsd',
  'priceBasis',
  'isOutputFinal',
  'project',
  'gitBranch',
] as const satisfies readonly (keyof RecordJson)[];

export function renderRequestsCsv({ records }: RequestsReport): string {
  const lines = [csvLine(['occurredAt', ...COLUMNS])];
  for (const record of records) {
    const cells = COLUMNS.map((name) => record[name]);
    lines.push(csvLine([new Date(record.occurredAtMs).toISOString(), ...cells]));
  }
  return lines.join('');
}

function requestsSheet(records: RecordJson[], { style, offset }: RequestsView): Sheet {
  const columns = [
    { title: 'Time', align: 'left' as const, paint: style.dim },
    { ...left('Session'), cut: 'end' as const },
    { ...left('Agent'), least: 5, dispensable: 4 },
    { ...left('Model'), least: 10 },
    { ...left('Tool'), least: 6, dispensable: 3 },
    { ...right('In'), dispensable: 1 },
    { ...right('Out'), dispensable: 2 },
    { ...right('Cost'), paint: style.green },
  ];
  const rows = records.map((record) => [
    localTime(record.occurredAtMs, offset),
    record.sessionId.slice(0, 8),
    record.agentType ?? record.agentId ?? 'main',
    requestModel(record.model, style.columns),
    recordTool(record),
    formatCount(sumInputTokens(record)),
    `${record.isOutputFinal ? '' : style.isUnicode ? '≥' : '>'}${formatCount(record.outputTokens)}`,
    recordCost(record),
  ]);
  return { columns, rows, last: null };
}

/** All input tokens, including those read from the cache and written to it. */
export function sumInputTokens(record: RecordJson): number {
  return (
    record.inputTokens +
    record.cacheReadTokens +
    record.cacheWrite5mTokens +
    record.cacheWrite1hTokens
  );
}

/** The model's name, on a narrow terminal without the common prefix. */
export function requestModel(model: string, columns: number | null): string {
  return columns !== null && columns < 120 ? model.replace(/^claude-/, '') : model;
}

/** The first tool that the request called; `counter` for the increase of a counter, which names none. */
export function recordTool({ toolName, metadata }: RecordJson): string {
  return toolName ?? (metadata?.['isCounter'] === true ? 'counter' : '-');
}

/** The cost, marked with `~` if it is by another model's price. */
export function recordCost(record: RecordJson, digits = 4): string {
  if (record.costNanoUsd === null) return unknownCost(record.priceBasis);
  return `${record.priceBasis === 'fallback' ? '~' : ''}${formatUsd(record.costNanoUsd, digits)}`;
}

/** Why a cost is not known, in a word or two. */
function unknownCost(priceBasis: string): string {
  return priceBasis === 'unmetered' ? 'unmetered' : 'no price';
}

/** Input and output tokens: `12K/1.2K`. */
export function shortTokens(record: RecordJson): string {
  return `${formatShort(sumInputTokens(record))}/${formatShort(record.outputTokens)}`;
}
