import { type ZoneOffset, timeLabel } from '../../core/time/period.ts';
import { clientTitle } from '../../core/client/names.ts';
import { printable } from '../../core/lang/printable.ts';
import { type Dimension, isTimeDimension } from '../../reports/dimensions.ts';
import type { Group, Totals } from '../../reports/report.ts';
import { formatUsd } from './number-format.ts';
import type { Style } from './style.ts';
import { type TextColumn, shorten } from './table.ts';

/** What the tables of all reports share. */

export const left = (title: string): TextColumn => ({ title, align: 'left', cut: 'middle' });
export const right = (title: string): TextColumn => ({ title, align: 'right' });
export const share = (style: Style): TextColumn => ({
  title: 'Share',
  align: 'left',
  cut: 'bar',
  paint: style.cyan,
});

export const NOTHING = 'No matching requests.';

/** How a missing key is shown where `(none)` would be unclear. */
const ABSENT: Partial<Record<Dimension, string>> = {
  agent: '(main thread)',
  'agent-type': '(main thread)',
  tool: '(no tool)',
  file: '(no file)',
  command: '(no command)',
  pr: '(no pull request)',
  ticket: '(no ticket)',
};

/** Ids keep their start, which commands accept; times are never cut. */
export function keyColumn(name: Dimension): TextColumn {
  if (isTimeDimension(name)) return { title: columnTitle(name), align: 'left' };
  const isId = name === 'session' || name === 'prompt' || name === 'agent';
  return {
    title: columnTitle(name),
    align: 'left',
    cut: isId ? 'end' : 'middle',
    least: isId ? 8 : 12,
  };
}

export function keyText(group: Pick<Group, 'key'>, name: Dimension, style: Style): string {
  if (group.key['other'] === true) return '(others)';
  const value = group.key[name];
  if (value === null || value === undefined || value === '') return ABSENT[name] ?? '(none)';
  if (name === 'hour') return localHour(String(value));
  if (name === 'client') return printable(clientTitle(String(value)));
  return shorten(printable(String(value)), 44, style);
}

/** `2026-11-29 03:00` for the label `2026-11-29T03:00+00:00`. */
function localHour(label: string): string {
  return printable(label.slice(0, 16).replace('T', ' '));
}

export function columnTitle(name: Dimension): string {
  if (name === 'mcp-server') return 'MCP server';
  if (name === 'pr') return 'Pull request';
  const text = name.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The name of a folder; its path is in the JSON. */
export function folderName(path: string): string {
  return printable(path.split(/[/\\]/).findLast((part) => part !== '') ?? path);
}

export function costText(
  totals: Pick<Totals, 'costNanoUsd' | 'estimatedCostNanoUsd' | 'unpricedRequests'>,
  digits: number,
): string {
  const mark = BigInt(totals.estimatedCostNanoUsd) > 0n ? '~' : '';
  const unknown = Number(totals.unpricedRequests) > 0 ? '?' : '';
  return `${mark}${formatUsd(totals.costNanoUsd, digits)}${unknown}`;
}

/** A share of the cost as a percentage and a bar; ten characters are 100%. */
export function bar(group: Totals, totals: Totals, style: Style): string {
  return shareBar(Number(group.costNanoUsd), Number(totals.costNanoUsd), style);
}

export function shareBar(cost: number, total: number, style: Style): string {
  const part = total > 0 ? cost / total : 0;
  const blocks = '█▉▊▋▌▍▎▏';
  const eighths = Math.round(part * 80);
  const drawn = style.isUnicode
    ? '█'.repeat(Math.floor(eighths / 8)) + (eighths % 8 > 0 ? blocks[8 - (eighths % 8)] : '')
    : '#'.repeat(Math.round(part * 10));
  return `${percent(part).padStart(6)} ${drawn}`;
}

export function percent(part: number): string {
  return `${(part * 100).toFixed(1)}%`;
}

export function cacheWrites(totals: Totals): string {
  return (BigInt(totals.cacheWrite5mTokens) + BigInt(totals.cacheWrite1hTokens)).toString();
}

export function allTokens(totals: Totals): number {
  return (
    Number(totals.inputTokens) +
    Number(totals.outputTokens) +
    Number(totals.cacheReadTokens) +
    Number(cacheWrites(totals))
  );
}

/** Local time as `2026-11-21 14:03:22`; callers cut it to the minute or second. */
export function localTime(atMs: number, offset: ZoneOffset): string {
  const clock = new Date(atMs + offset(atMs)).toISOString().slice(11, 19);
  return `${timeLabel('day', atMs, offset)} ${clock}`;
}
