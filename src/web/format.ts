import { printable } from '../core/lang/printable.ts';
import type { Sum } from './api/types.ts';

/** Creates a formatter on first use: `Intl` takes longer to start than the rest of the page's frame. */
function once<Value>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= create());
}

const usdWhole = once(() => new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }));
const usdCents = once(
  () => new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
);

/** `$0.0042`, `$3.10`, `$1,204`. */
export function formatCost(amount: number): string {
  const size = Math.abs(amount);
  const sign = amount < 0 ? '−' : '';
  if (size === 0) return '$0.00';
  if (size >= 10_000) return `${sign}$${usdWhole().format(size)}`;
  if (size >= 0.1) return `${sign}$${usdCents().format(size)}`;
  if (size >= 0.0001) return `${sign}$${size.toFixed(4)}`;
  return `${sign}<$0.0001`;
}

export function usdOfNano(sum: Sum): string {
  return formatCost(Number(sum) / 1e9);
}

/** For axes: as short as possible. */
export function usdShort(amount: number): string {
  if (amount === 0) return '$0';
  if (amount >= 1000) return `$${short(amount)}`;
  if (amount >= 10) return `$${Math.round(amount)}`;
  return `$${Number.isInteger(amount) ? amount : amount.toFixed(amount >= 0.1 ? 2 : 3)}`;
}

/** `245K`, `1.2M`, `870`. */
export function short(count: number): string {
  const size = Math.abs(count);
  for (const [unit, name] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as const) {
    if (size < unit * 0.9995) continue;
    const value = count / unit;
    return `${Math.abs(value) < 9.95 ? Number(value.toFixed(1)) : Math.round(value)}${name}`;
  }
  return String(Math.round(count));
}

export function whole(count: Sum): string {
  return usdWhole().format(Number(count));
}

/** `1 request`, `1,204 requests`. */
export function formatPlural(count: Sum, noun: string): string {
  return `${whole(count)} ${noun}${Number(count) === 1 ? '' : 's'}`;
}

export function formatShare(ratio: number): string {
  const value = ratio * 100;
  if (value > 0 && value < 1) return '<1%';
  if (value > 99 && value < 100) return '>99%';
  return `${Math.round(value)}%`;
}

const dates = (options: Intl.DateTimeFormatOptions): (() => Intl.DateTimeFormat) =>
  once(() => new Intl.DateTimeFormat(undefined, options));

const clock = dates({ hour: '2-digit', minute: '2-digit' });
const clockSeconds = dates({ timeStyle: 'medium' });
const day = dates({ day: 'numeric', month: 'short' });
const whenFormat = dates({ dateStyle: 'medium', timeStyle: 'short' });

export function clockTime(at: string | number): string {
  return clock().format(new Date(at));
}

export function clockTimeSeconds(at: string | number): string {
  return clockSeconds().format(new Date(at));
}

export function shortDay(at: string | number): string {
  return day().format(new Date(at));
}

/** The full date and time. */
export function moment(at: string | number): string {
  return whenFormat().format(new Date(at));
}

/** `14:05` for today, `3 Nov 14:05` for other days. */
export function when(at: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock().format(date) : `${day().format(date)} ${clock().format(date)}`;
}

/** `in 3 h`, `12 min ago`. */
export function relative(at: string, nowMs = Date.now()): string {
  const seconds = Math.round((Date.parse(at) - nowMs) / 1000);
  const size = Math.abs(seconds);
  const text =
    size < 60
      ? `${size} s`
      : size < 3600
        ? `${Math.round(size / 60)} min`
        : size < 172_800
          ? `${Math.round(size / 3600)} h`
          : `${Math.round(size / 86_400)} days`;
  return seconds >= 0 ? `in ${text}` : `${text} ago`;
}

/** The ledger's cost as a ratio of the client totals; null if there is no client total. */
export function coverageShare(ledgerNanoUsd: Sum, clientNanoUsd: Sum): number | null {
  const client = Number(clientNanoUsd);
  return client > 0 ? Number(ledgerNanoUsd) / client : null;
}

/** The first part of a session's UUID, which is enough to tell sessions apart at a glance. */
export function shortId(id: string): string {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id) ? id.slice(0, 8) : printable(id);
}

export function lastFolder(path: string | null): string {
  if (path === null) return '—';
  return printable(path.split(/[/\\]/).findLast((part) => part !== '') ?? path);
}

/** `opus 4.8` for `claude-opus-4-8`. */
export function shortModelName(model: string): string {
  const [, name, major, minor] = /^claude-([a-z]+)-(\d+)(?:-(\d{1,2}))?$/.exec(model) ?? [];
  if (name === undefined) return printable(model);
  return minor === undefined ? `${name} ${major}` : `${name} ${major}.${minor}`;
}

/** Why the cost of a request is not known, in a word or two. */
export function unknownCost(priceBasis: unknown): string {
  return priceBasis === 'unmetered' ? 'unmetered' : 'no price';
}
