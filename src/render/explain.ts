import type { ZoneOffset } from '../core/time/period.ts';
import { printable } from '../core/lang/printable.ts';
import type { ExplainedCause, ExplainedPart } from '../reports/explain/explain.ts';
import type { RequestExplanation } from '../reports/explain/request.ts';
import type { SessionExplanation } from '../reports/explain/session.ts';
import { missSheet } from './cache-misses.ts';
import { NOTHING, localTime, percent, right, shareBar } from './text/cells.ts';
import { type CsvValue, csvLine } from './text/csv.ts';
import {
  formatCount,
  formatExactUsd,
  formatShort,
  formatUsd,
  usdDigits,
} from './text/number-format.ts';
import { markdownTable } from './text/markdown.ts';
import { paintedNotes, requestsText } from './notes.ts';
import { type Style, unbounded } from './text/style.ts';
import { type Sheet, renderSheet } from './text/table.ts';
import { joinParts } from './text/wrap.ts';

export interface ExplainView {
  style: Style;
  offset: ZoneOffset;
}

/** Causes shown per part; the rest are summed in one line. */
const SHOWN_CAUSES = 8;

export function renderSessionExplanation(report: SessionExplanation, view: ExplainView): string {
  if (report.totals.requests === 0) return `${report.note ?? NOTHING}\n`;
  const { style } = view;
  const { totals, sessionId } = report;
  const lines = [
    `${style.bold(formatExactUsd(totals.costNanoUsd))}  session ${printable(sessionId)}`,
    style.dim(requestsText(totals.requests)),
  ];
  for (const sheet of sessionSheets(report, view)) lines.push('', renderSheet(sheet, style));
  return `${[...lines, ...paintedNotes(report, style)].join('\n')}\n`;
}

export function renderRequestExplanation(report: RequestExplanation, view: ExplainView): string {
  const { style, offset } = view;
  const { request, cacheMiss } = report;
  const cost = request.costNanoUsd;
  const lines = [
    `${style.bold(cost === null ? 'cost unknown' : formatExactUsd(cost))}  request ${printable(request.id)}`,
    ...joinParts(requestFacts(report, offset), style.isUnicode ? ' · ' : ' - ', style.columns).map(
      (line) => style.dim(line),
    ),
    '',
    renderSheet(billSheet(report.parts, Number(cost ?? 0), style), style),
  ];
  if (cacheMiss !== null) {
    const { reason, rewrittenTokens, costNanoUsd } = cacheMiss;
    const amount = formatUsd(costNanoUsd, 4);
    lines.push(
      '',
      style.yellow(
        `the cache was lost (${reason}): ${formatCount(rewrittenTokens)} tokens were sent again, ${amount}`,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

export function explanationMarkdown(
  report: SessionExplanation | RequestExplanation,
  { style, offset }: ExplainView,
): string {
  const view = { style: unbounded(style), offset };
  const sheets =
    'sessionId' in report
      ? sessionSheets(report, view)
      : [billSheet(report.parts, Number(report.request.costNanoUsd ?? 0), view.style)];
  return `${sheets.map((sheet) => markdownTable(sheet)).join('\n\n')}\n`;
}

/** The parts of the cost with their causes, as rows that sum to it. */
export function explanationCsv({ parts }: { parts: ExplainedPart[] }): string {
  const rows = parts.flatMap(({ part, causes }) =>
    causes.map(({ cause, tool, toolUseId, file, costNanoUsd }): CsvValue[] => [
      part,
      cause,
      tool,
      toolUseId,
      file,
      typeof costNanoUsd === 'string' ? BigInt(costNanoUsd) : costNanoUsd,
    ]),
  );
  const columns = ['part', 'cause', 'tool', 'toolUseId', 'file', 'costNanoUsd'];
  return [columns, ...rows].map(csvLine).join('');
}

function requestFacts({ request }: RequestExplanation, offset: ZoneOffset): string[] {
  const { promptTokens, carriedTokens, rewrittenTokens, enteredTokens } = request;
  const facts = [
    localTime(Date.parse(request.occurredAt), offset),
    printable(request.model),
    `session ${printable(request.sessionId)}`,
    ...(request.agentId === null ? [] : [`subagent ${printable(request.agentId)}`]),
  ];
  if (promptTokens === null)
    return [...facts, 'its context is unknown, as no transcript contains it'];
  return [
    ...facts,
    `prompt ${formatCount(promptTokens)} tokens: ${formatCount(carriedTokens ?? 0)} carried` +
      (rewrittenTokens === 0 ? '' : ` (${formatCount(rewrittenTokens ?? 0)} of them sent again)`) +
      `, ${formatCount(enteredTokens ?? 0)} new`,
    `${formatCount(request.outputTokens)} written`,
  ];
}

function sessionSheets(report: SessionExplanation, view: ExplainView): Sheet[] {
  const { style } = view;
  return [
    billSheet(report.parts, Number(report.totals.costNanoUsd), style),
    turnSheet(report, view),
    callSheet(report),
    runSheet(report, view),
    missSheet(report.cacheMisses, view),
  ].filter(({ rows }) => rows.length > 0);
}

/** Parts of a cost with their causes below them. @param total in nano-USD */
function billSheet(parts: ExplainedPart[], total: number, style: Style): Sheet {
  const digits = usdDigits(Math.round(total));
  const [branch, end] = style.isUnicode ? ['├ ', '└ '] : ['+ ', '\\ '];
  const row = (name: string, cost: number | string): string[] => [
    name,
    formatUsd(cost, digits),
    shareBar(Number(cost), total, style),
  ];
  const rows = parts.flatMap(({ part, costNanoUsd, causes }) => {
    const shown = causes
      .slice(0, SHOWN_CAUSES)
      .map((one): [string, number | string] => [causeText(one), one.costNanoUsd]);
    const rest = causes.slice(SHOWN_CAUSES);
    if (rest.length > 0) {
      const sum = rest.reduce((all, one) => all + BigInt(one.costNanoUsd), 0n);
      shown.push([`${rest.length} more`, sum.toString()]);
    }
    return [
      row(part, costNanoUsd),
      ...shown.map(([name, cost], index) =>
        row(`${index === shown.length - 1 ? end : branch}${name}`, cost),
      ),
    ];
  });
  return {
    columns: [
      { title: 'Where it went', align: 'left', cut: 'middle', least: 18 },
      right('Cost'),
      { title: 'Share', align: 'left', cut: 'bar', paint: style.cyan },
    ],
    rows,
    last: null,
  };
}

function causeText({ cause, tool, toolUseId, file }: ExplainedCause): string {
  if (tool === null && file === null) return toolUseId === null ? cause : `${cause} ${toolUseId}`;
  return [tool ?? cause, file, toolUseId === null ? null : toolUseId.slice(-6)]
    .filter((part) => part !== null)
    .join(' ');
}

/** How the context of the main thread grew from prompt to prompt, and what re-sending it cost. */
function turnSheet({ turns, totals }: SessionExplanation, { style, offset }: ExplainView): Sheet {
  const digits = usdDigits(totals.costNanoUsd);
  const arrow = style.isUnicode ? '→' : '->';
  return {
    columns: [
      { title: 'Prompt', align: 'left', cut: 'end', least: 8 },
      { ...right('Requests'), dispensable: 2 },
      { ...right('Context tokens'), dispensable: 1 },
      right('Carried'),
      right('Cost'),
    ],
    rows: turns.map((turn) => [
      turn.number === null
        ? '(no prompt)'
        : `${turn.number} (${localTime(Date.parse(turn.startedAt), offset).slice(11, 16)})`,
      formatCount(turn.requests),
      turn.contextBeforeTokens === null || turn.contextAfterTokens === null
        ? '-'
        : `${formatShort(turn.contextBeforeTokens)} ${arrow} ${formatShort(turn.contextAfterTokens)}`,
      formatUsd(turn.carriedNanoUsd, digits),
      formatUsd(turn.costNanoUsd, digits),
    ]),
    last: null,
  };
}

function callSheet({ topCalls, totals }: SessionExplanation): Sheet {
  const digits = usdDigits(totals.costNanoUsd);
  return {
    columns: [
      { title: 'Most expensive tool calls', align: 'left', cut: 'middle', least: 18 },
      { ...right('To call'), dispensable: 1 },
      right('To read result'),
      right('Re-read since'),
      right('Cost'),
    ],
    rows: topCalls.map((call) => [
      [call.tool ?? call.toolUseId, call.file ?? call.command]
        .filter((part) => part !== null)
        .join(' '),
      formatUsd(call.calledNanoUsd, digits),
      formatUsd(call.readNanoUsd, digits),
      formatUsd(call.carriedNanoUsd, digits),
      formatUsd(call.costNanoUsd, digits),
    ]),
    last: null,
  };
}

function runSheet({ runs, totals }: SessionExplanation, { offset }: ExplainView): Sheet {
  const digits = usdDigits(totals.costNanoUsd);
  const total = Number(totals.costNanoUsd);
  return {
    columns: [
      { title: 'Subagent runs', align: 'left', cut: 'middle', least: 18 },
      { title: 'Started by', align: 'left', cut: 'end', least: 10, dispensable: 1 },
      { ...right('Requests'), dispensable: 2 },
      right('Cost'),
      right('With nested'),
      { ...right('Share'), dispensable: 3 },
    ],
    rows: runs.map((run) => [
      `${run.agentType ?? 'compaction'} ${run.agentId.slice(0, 8)} (${localTime(Date.parse(run.startedAt), offset).slice(11, 16)})`,
      run.startedByToolUseId ?? '-',
      formatCount(run.requests),
      formatUsd(run.costNanoUsd, digits),
      formatUsd(run.costWithNestedNanoUsd, digits),
      total > 0 ? percent(Number(run.costWithNestedNanoUsd) / total) : '-',
    ]),
    last: null,
  };
}
