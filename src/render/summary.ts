import { type Dimension, isTimeDimension } from '../reports/dimensions.ts';
import type { Group, Overview, Report, Totals } from '../reports/report.ts';
import { formatCount, formatExactUsd, formatShort, formatUsd, usdDigits } from './format.ts';
import type { Style } from './style.ts';
import { type Column, renderTable, shorten } from './table.ts';

const left = (title: string): Column => ({ title, align: 'left', cut: 'middle' });
const right = (title: string): Column => ({ title, align: 'right' });
const share = (style: Style): Column => ({
  title: 'Share',
  align: 'left',
  cut: 'bar',
  paint: style.cyan,
});

/** Ids keep their start, which is what commands take; times are never cut. */
function keyColumn(name: Dimension): Column {
  if (isTimeDimension(name)) return { title: titleOf(name), align: 'left' };
  const isId = name === 'session' || name === 'prompt' || name === 'agent';
  return { title: titleOf(name), align: 'left', cut: isId ? 'end' : 'middle' };
}

const NOTHING = 'Nothing was recorded that fits.';

/** What a missing key means to people, where "none" would puzzle them. */
const ABSENT: Partial<Record<Dimension, string>> = {
  agent: '(main thread)',
  'agent-type': '(main thread)',
  tool: '(no tool)',
};

/** Groups as a table with a bar for each one's share of the cost. */
export function renderReport(report: Report, by: Dimension[], style: Style): string {
  const { totals, groups } = report;
  if (totals.requests === 0) return NOTHING;
  const rows = groups.length > 0 || by.length > 0 ? groups : [{ key: {}, ...totals }];
  const isNarrow = (style.columns ?? 120) < 100;
  const columns = [
    ...by.map(keyColumn),
    right('Requests'),
    right('Input'),
    right('Output'),
    ...(isNarrow ? [] : [right('Cache write'), right('Cache read')]),
    right('Cost'),
    ...(by.length > 0 ? [share(style)] : []),
  ];
  const cells = (group: Totals): string[] => [
    formatCount(group.requests),
    formatCount(group.inputTokens),
    formatCount(group.outputTokens),
    ...(isNarrow ? [] : [formatCount(cacheWrites(group)), formatCount(group.cacheReadTokens)]),
    costText(group, digits),
  ];
  const digits = usdDigits(totals.costNanoUsd);
  const body = rows.map((group) => [
    ...by.map((name) => keyText(group, name, style)),
    ...cells(group),
    ...(by.length > 0 ? [bar(group, totals, style)] : []),
  ]);
  const total = by.length > 0 ? ['Total', ...by.slice(1).map(() => ''), ...cells(totals)] : null;
  const table = renderTable(columns, body, total, style);
  return [table, ...notes(report, style)].join('\n');
}

/** A session at its end: what it cost, and by model, agent and tool. */
export function renderSession(
  report: Report,
  parts: { by: Dimension[]; groups: Group[] }[],
  style: Style,
): string {
  const { totals } = report;
  if (totals.requests === 0) return NOTHING;
  const dot = style.isUnicode ? '·' : '-';
  const lines = [
    `${style.bold(formatExactUsd(totals.costNanoUsd))}  session ${report.filters['session']}`,
    style.dim(
      `${formatCount(totals.requests)} requests ${dot} ${formatCount(totals.inputTokens)} in ${dot} ` +
        `${formatCount(totals.outputTokens)} out ${dot} ${formatCount(cacheWrites(totals))} cache written ${dot} ` +
        `${formatCount(totals.cacheReadTokens)} cache read`,
    ),
  ];
  const digits = usdDigits(totals.costNanoUsd);
  for (const { by, groups } of parts) {
    const columns = [
      left(titleOf(by.at(-1) ?? 'model')),
      right('Requests'),
      right('Output'),
      right('Cost'),
      share(style),
    ];
    const rows = groups.map((group) => [
      partText(group, by, style),
      formatCount(group.requests),
      formatCount(group.outputTokens),
      costText(group, digits),
      bar(group, totals, style),
    ]);
    lines.push('', renderTable(columns, rows, null, style));
  }
  return [...lines, ...notes(report, style)].join('\n');
}

/** A subagent is its type, told from its siblings by the start of its id. */
function partText(group: Group, by: Dimension[], style: Style): string {
  const [first, id] = by;
  const text = keyText(group, first ?? 'model', style);
  const value = id === undefined ? null : group.key[id];
  return typeof value === 'string' ? `${text} ${value.slice(0, 8)}` : text;
}

/** All time, today, this project and the last session. */
export function renderOverview(report: Overview, style: Style): string {
  if (report.totals.requests === 0) {
    return [
      'Nothing recorded yet, and no transcripts found.',
      `Work with your agent, or name their folder: ${style.bold('tallyhook import --projects DIR')}`,
    ].join('\n');
  }
  const columns = [left(''), right('Requests'), right('Output'), right('Tokens'), right('Cost')];
  const row = (title: string, totals: Totals): string[] => [
    title,
    formatCount(totals.requests),
    formatCount(totals.outputTokens),
    formatShort(allTokens(totals)),
    costText(totals, usdDigits(report.totals.costNanoUsd)),
  ];
  const rows = [
    row('Today', report.today),
    row(`Project ${shorten(report.project.name, 30, style)}`, report.project),
  ];
  if (report.lastSession !== null) {
    rows.push(row(`Last session ${report.lastSession.sessionId.slice(0, 8)}`, report.lastSession));
  }
  const table = renderTable(columns, rows, row('All time', report.totals), style);
  const next = style.dim(
    ['tallyhook summary --session last', 'tallyhook daily', 'tallyhook --help'].join(
      style.isUnicode ? ' · ' : ' - ',
    ),
  );
  return [table, ...notes(report, style), '', next].join('\n');
}

/** What the figures do not say by themselves. */
function notes(report: Report, style: Style): string[] {
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
    lines.push(
      `+ ${formatExactUsd(unattributed)} more is what the client says it spent: no transcript shows it`,
    );
  }
  return lines.length > 0 ? ['', ...lines.map((line) => style.yellow(line))] : [];
}

function requestsText(count: Totals['requests']): string {
  return `${formatCount(count)} ${Number(count) === 1 ? 'request' : 'requests'}`;
}

function costText(totals: Totals, digits: number): string {
  const mark = BigInt(totals.estimatedCostNanoUsd) > 0n ? '~' : '';
  const unknown = Number(totals.unpricedRequests) > 0 ? '?' : '';
  return `${mark}${formatUsd(totals.costNanoUsd, digits)}${unknown}`;
}

function keyText(group: Group, name: Dimension, style: Style): string {
  if (group.key['other'] === true) return '(others)';
  const value = group.key[name];
  if (value === null || value === undefined || value === '') return ABSENT[name] ?? '(none)';
  return shorten(String(value), 44, style);
}

function titleOf(name: Dimension): string {
  if (name === 'mcp-server') return 'MCP server';
  const text = name.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function bar(group: Totals, totals: Totals, style: Style): string {
  const whole = Number(totals.costNanoUsd);
  const share = whole > 0 ? Number(group.costNanoUsd) / whole : 0;
  const filled = '█▉▊▋▌▍▎▏';
  const eighths = Math.round(share * 80);
  const drawn = style.isUnicode
    ? '█'.repeat(Math.floor(eighths / 8)) + (eighths % 8 > 0 ? filled[8 - (eighths % 8)] : '')
    : '#'.repeat(Math.round(share * 10));
  return `${`${(share * 100).toFixed(1)}%`.padStart(6)} ${drawn}`;
}

function cacheWrites(totals: Totals): string {
  return (BigInt(totals.cacheWrite5mTokens) + BigInt(totals.cacheWrite1hTokens)).toString();
}

function allTokens(totals: Totals): number {
  return (
    Number(totals.inputTokens) +
    Number(totals.outputTokens) +
    Number(totals.cacheReadTokens) +
    Number(cacheWrites(totals))
  );
}
