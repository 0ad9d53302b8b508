import type { ZoneOffset } from '../core/time/period.ts';
import { clientTitle } from '../core/client/names.ts';
import { printable } from '../core/lang/printable.ts';
import type { Group } from '../reports/report.ts';
import type { PromptGroup, SessionSummary, SessionReport } from '../reports/session.ts';
import {
  NOTHING,
  bar,
  cacheWrites,
  costText,
  keyText,
  localTime,
  percent,
  right,
  share,
} from './text/cells.ts';
import { formatCount, formatExactUsd, formatUsd, usdDigits } from './text/number-format.ts';
import { markdownNotes } from './text/report-formats.ts';
import { markdownTable, markdownText } from './text/markdown.ts';
import { paintedNotes, requestsText } from './notes.ts';
import { requestModel, recordCost, shortTokens } from './requests.ts';
import { type Style, unbounded } from './text/style.ts';
import { type Sheet, renderSheet, shorten } from './text/table.ts';
import { width } from './text/display-width.ts';
import { joinParts } from './text/wrap.ts';

export interface SessionView {
  style: Style;
  offset: ZoneOffset;
}

/** From this width on, two tables are shown side by side, so that a session fits a screen. */
const WIDE_COLUMNS = 100;
const GAP = 4;
/** From this width on, half of it has room for every column. */
const ROOMY_COLUMNS = 128;

/** What a session cost, its rate, and its most expensive parts. */
export function renderSession(report: SessionReport, view: SessionView): string {
  const { style } = view;
  const { session } = report;
  if (session === null) return `${report.note ?? NOTHING}\n`;
  const [title, ...facts] = formatHead(report, session, view);
  const lines = [
    `${style.bold(formatExactUsd(report.totals.costNanoUsd))}  ${title}`,
    ...facts.map((line) => style.dim(line)),
  ];
  const sheets = buildSheets(report, session, view);
  const columns = style.columns ?? WIDE_COLUMNS;
  if (columns < WIDE_COLUMNS) {
    for (const sheet of sheets) lines.push('', renderSheet(sheet, style));
  } else {
    const half = Math.floor((Math.min(columns, 140) - GAP) / 2);
    const halved = sheets.map((sheet) => renderSheet(sheet, { ...style, columns: half }));
    for (let at = 0; at < halved.length; at += 2) {
      lines.push('', sideBySide(halved[at] ?? '', halved[at + 1] ?? '', half + GAP));
    }
  }
  return `${[...lines, ...paintedNotes(report, style)].join('\n')}\n`;
}

export function renderSessionMarkdown(
  report: SessionReport,
  { style, offset }: SessionView,
): string {
  const { session } = report;
  const view = { style: unbounded(style), offset };
  if (session === null) return `${markdownText(report.note ?? NOTHING)}\n`;
  const [title = '', ...facts] = formatHead(report, session, view);
  const lines = [`**${formatExactUsd(report.totals.costNanoUsd)}** ${markdownText(title)}`, ''];
  lines.push(...facts.map((fact) => `- ${fact}`));
  for (const sheet of buildSheets(report, session, view)) lines.push('', markdownTable(sheet));
  return `${[...lines, ...markdownNotes(report)].join('\n')}\n`;
}

function formatHead(
  report: SessionReport,
  session: SessionSummary,
  { style, offset }: SessionView,
): string[] {
  const { totals } = report;
  const join = (parts: string[]): string[] =>
    joinParts(parts, style.isUnicode ? ' · ' : ' - ', style.columns);
  const startMs = Date.parse(session.startedAt);
  const endMs = Date.parse(session.endedAt);
  const start = localTime(startMs, offset).slice(0, 16);
  const end = localTime(endMs, offset).slice(0, 16);
  const isOneDay = start.slice(0, 10) === end.slice(0, 10);
  const times = [
    ...session.clients.map((client) => printable(clientTitle(client))),
    `${start} to ${isOneDay ? end.slice(11) : end}`,
    durationText(endMs - startMs) +
      (session.activeMs > 0 ? `, active ${durationText(session.activeMs)}` : ''),
  ];
  if (session.burnRateNanoUsdPerHour !== null) {
    times.push(`${formatUsd(session.burnRateNanoUsdPerHour)} an hour`);
  }
  const { cacheHitRatio, cacheSavedNanoUsd } = session;
  const cache = cacheHitRatio === null ? [] : [`cache hits ${percent(cacheHitRatio)}`];
  if (cacheSavedNanoUsd !== null && cacheHitRatio !== null) {
    const isLoss = BigInt(cacheSavedNanoUsd) < 0n;
    const amount = String(cacheSavedNanoUsd).replace('-', '');
    cache.push(`the cache ${isLoss ? 'cost' : 'saved'} ${formatUsd(amount)}`);
  }
  return [
    `session ${printable(report.filters['session'] ?? '')}`,
    ...join(times),
    ...join([
      requestsText(totals.requests),
      `${formatCount(totals.inputTokens)} in`,
      `${formatCount(totals.outputTokens)} out`,
    ]),
    ...join([
      `${formatCount(cacheWrites(totals))} cache written`,
      `${formatCount(totals.cacheReadTokens)} cache read`,
      ...cache,
    ]),
  ];
}

/** `42s`, `7m`, `3h 12m`, `2d 4h`. */
function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

function buildSheets(report: SessionReport, session: SessionSummary, view: SessionView): Sheet[] {
  const { style, offset } = view;
  return [
    partSheet(report, 'Model', session.byModel, style, (group) => keyText(group, 'model', style)),
    partSheet(report, 'Agent', session.byAgent, style, (group) => agentText(group, style)),
    partSheet(report, 'Tool', session.byTool, style, (group) => keyText(group, 'tool', style)),
    partSheet(report, 'Prompt', session.byPrompt, style, (group) => promptText(group, view)),
    {
      columns: [
        { title: 'Top requests', align: 'left', cut: 'end', least: 19 },
        { title: 'Tool', align: 'left', cut: 'middle', least: 6, dispensable: 1 },
        { ...right('In/out'), dispensable: 2 },
        right('Cost'),
      ],
      rows: session.topRequests.map((record) => [
        `${clock(record.occurredAtMs, offset)} ${requestModel(record.model, style.columns ?? WIDE_COLUMNS)}`,
        record.toolName ?? '-',
        shortTokens(record),
        recordCost(record),
      ]),
      last: null,
    },
    {
      columns: [
        { title: 'Top tool calls', align: 'left', cut: 'end', least: 20 },
        { ...right('Took'), dispensable: 1 },
        right('Request cost'),
      ],
      rows: session.topToolCalls.map((call) => [
        `${clock(Date.parse(call.calledAt), offset)} ${shorten(printable(call.name), 40, style)}`,
        `${call.durationMs === null ? '-' : tookText(call.durationMs)}${call.isFailed === true ? ' failed' : ''}`,
        call.requestCostNanoUsd === null ? 'unknown' : formatUsd(call.requestCostNanoUsd, 4),
      ]),
      last: null,
    },
  ].filter(({ rows }) => rows.length > 0) as Sheet[];
}

function partSheet<Kind extends Group>(
  { totals }: SessionReport,
  title: string,
  groups: Kind[],
  style: Style,
  name: (group: Kind) => string,
): Sheet {
  const digits = usdDigits(totals.costNanoUsd);
  const columns = style.columns ?? WIDE_COLUMNS;
  // Tables side by side have the same columns, so that they align.
  const hasOutput = columns < WIDE_COLUMNS || columns >= ROOMY_COLUMNS;
  return {
    columns: [
      { title, align: 'left', cut: 'middle', least: 18 },
      { ...right('Requests'), dispensable: 1 },
      ...(hasOutput ? [right('Output')] : []),
      right('Cost'),
      share(style),
    ],
    rows: groups.map((group) => [
      name(group),
      formatCount(group.requests),
      ...(hasOutput ? [formatCount(group.outputTokens)] : []),
      costText(group, digits),
      bar(group, totals, style),
    ]),
    last: null,
  };
}

/** A subagent is shown by its type and the start of its id. */
function agentText(group: Group, style: Style): string {
  const id = group.key['agent'];
  const hasId = typeof id === 'string' && id !== group.key['agent-type'];
  if (!hasId) return keyText(group, 'agent-type', style);
  const type = group.key['agent-type'] ? keyText(group, 'agent-type', style) : 'compaction';
  return `${type} ${id.slice(0, 8)}`;
}

function promptText(group: PromptGroup, { style, offset }: SessionView): string {
  if (group.number === null || group.startedAt === null) return keyText(group, 'prompt', style);
  return `prompt ${group.number} (${clock(Date.parse(group.startedAt), offset).slice(0, 5)})`;
}

function clock(atMs: number, offset: ZoneOffset): string {
  return localTime(atMs, offset).slice(11);
}

function tookText(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)}s` : durationText(ms);
}

function sideBySide(first: string, second: string, at: number): string {
  const [left, right] = [first.split('\n'), second.split('\n')];
  const lines = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const start = left[index] ?? '';
    const end = right[index];
    if (end === undefined) return start;
    return start + ' '.repeat(Math.max(1, at - width(start))) + end;
  });
  return lines.join('\n');
}
