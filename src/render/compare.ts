import { printable } from '../core/lang/printable.ts';
import type { Amounts } from '../reports/compare/amounts.ts';
import type { ComparedRow, Comparison, ComparedCause } from '../reports/compare/comparison.ts';
import type { Sum } from '../reports/report.ts';
import { formatCount, formatUsd, usdDigits, plural } from './text/number-format.ts';
import { signedUsd } from './text/signed.ts';
import type { Style } from './text/style.ts';
import { type TextColumn, renderTable } from './text/table.ts';

/** Lines shown per cause; JSON has all of them. */
const SHOWN_LINES = 3;

/** The differences by day and model, and below the table where each comes from. */
export function renderComparison(comparison: Comparison, style: Style): string {
  const { rows, agreeing, totals } = comparison;
  const tool = `${printable(comparison.tool.name)} ${printable(comparison.tool.version)}`;
  const agreed = `${formatCount(agreeing)} ${agreeing === 1 ? 'day and model agrees' : 'days and models agree'}`;
  if (rows.length === 0) {
    const sum = formatUsd(totals.ours.costNanoUsd, usdDigits(totals.ours.costNanoUsd));
    return `${tool}: no difference, ${agreed}, ${sum}`;
  }
  const digits = usdDigits(totals.ours.costNanoUsd);
  const columns: TextColumn[] = [
    { title: 'Day', align: 'left' },
    { title: 'Model', align: 'left', cut: 'middle', paint: style.cyan },
    { title: 'Theirs', align: 'right' },
    { title: 'Ours', align: 'right' },
    { title: 'Difference', align: 'right', paint: style.yellow },
    { title: 'Why', align: 'left', cut: 'end' },
  ];
  const table = renderTable(
    columns,
    rows.map((row) => [row.day, row.model, ...amounts(row, digits), formatReason(row)]),
    ['Total', '', ...amounts(totals, digits), ''],
    style,
  );
  const details = rows.map((row) => formatDetails(row, style)).join('\n\n');
  const title = style.bold(`${tool} compared with the ledger`);
  return `${title}: ${agreed}, ${formatCount(rows.length)} ${rows.length === 1 ? 'differs' : 'differ'}\n${table}\n\n${details}`;
}

type Compared = Pick<ComparedRow, 'theirs' | 'ours' | 'difference'>;

function amounts({ theirs, ours, difference }: Compared, digits: number): string[] {
  return [
    formatUsd(theirs.costNanoUsd, digits),
    formatUsd(ours.costNanoUsd, digits),
    signedUsd(difference.costNanoUsd, digits),
  ];
}

function formatReason({ causes, unexplained }: ComparedRow): string {
  const names = causes.map(({ cause }) => cause);
  return [...names, ...(unexplained === null ? [] : ['unexplained'])].join(', ');
}

function formatDetails(row: ComparedRow, style: Style): string {
  const { day, model, difference, causes, unexplained } = row;
  const explained = causes.reduce(
    (sum, { amounts: { costNanoUsd } }) => sum + BigInt(costNanoUsd),
    0n,
  );
  const [total, ...tokens] = formatChange(difference).split(', ');
  const head = [
    `${style.bold(printable(`${day} ${model}`))}: explained ${signedUsd(explained.toString(), 6)} of ${total}`,
    ...tokens,
  ].join(', ');
  const lines = causes.map((cause) => causeText(cause, style));
  if (unexplained !== null)
    lines.push(`  ${style.yellow(`unexplained: ${formatChange(unexplained)}`)}`);
  return [head, ...lines].join('\n');
}

function causeText(
  { what, requests, amounts: change, lines }: ComparedCause,
  style: Style,
): string {
  const count = plural(requests, 'request');
  const shown = lines.slice(0, SHOWN_LINES).map((line) => `\n      ${style.dim(printable(line))}`);
  const more = lines.length - shown.length;
  if (more > 0)
    shown.push(`\n      ${style.dim(`and ${formatCount(more)} more (--json has all)`)}`);
  return `  ${formatChange(change)}: ${printable(what)}, ${count}${shown.join('')}`;
}

const TOKENS: [Exclude<keyof Amounts, 'costNanoUsd'>, string][] = [
  ['inputTokens', 'input'],
  ['outputTokens', 'output'],
  ['cacheReadTokens', 'cache read'],
  ['cacheWriteTokens', 'cache write'],
];

/** `-$1.000000, +1,000 input tokens`. */
function formatChange(change: ComparedCause['amounts']): string {
  const tokens = TOKENS.filter(([name]) => BigInt(change[name]) !== 0n).map(
    ([name, kind]) => `${signed(change[name])} ${kind}`,
  );
  const cost = signedUsd(change.costNanoUsd, 6);
  return tokens.length === 0 ? cost : `${cost}, ${tokens.join(', ')} tokens`;
}

function signed(value: Sum): string {
  return BigInt(value) > 0n ? `+${formatCount(value)}` : formatCount(value);
}
