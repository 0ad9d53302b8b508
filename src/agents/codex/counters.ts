import { type JsonObject, asCount, asObject } from '../../core/lang/json.ts';
import type { Fold } from '../source.ts';

/** The cumulative counts of `total_token_usage`, by Codex's names. */
const NAMES = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_input_tokens',
  'output_tokens',
  'reasoning_output_tokens',
] as const;
type Counts = Record<(typeof NAMES)[number], number>;

interface Counter {
  /** The how many-eth counter of its file, from 0. */
  index: number;
  counts: Counts;
}

/** Threads whose counters alternate in one file have been seen; more than a few have not. */
const MAX_COUNTERS = 16;

export interface Rise {
  /** Names this step of the counter; the same in a copy of the line. */
  key: string;
  usage: Counts & { total_tokens: number };
}

/**
 * The rise of a `token_count` line, which Codex before 0.160 wrote instead of usage records. Null if the
 * line has no counter (the first of a session has none) or repeats a value, as most lines do. What the line
 * calls the last request is not reliable: it is repeated as well.
 */
export function readRise(info: JsonObject | null, fold: Fold): Rise | null {
  const total = asObject(info?.['total_token_usage']);
  if (total === null) return null;
  const counts = readCounts(total);
  const counters = readCounters(fold);
  if (counters.some((counter) => isSame(counter.counts, counts))) return null;
  const last = asObject(info?.['last_token_usage']);
  const counter = findCounter(counters, counts, last, fold['isContinued'] === true);
  const before = counter.counts;
  const usage = mapCounts((name) => Math.max(0, counts[name] - before[name]));
  counter.counts = counts;
  // The counter that moved last is the last one.
  const rest = counters.filter(({ index }) => index !== counter.index);
  fold['counters'] = [...rest, counter].slice(-MAX_COUNTERS);
  const rise = sizeOf(usage);
  if (rise === 0) return null;
  const number = counter.index === 0 ? '' : `#${counter.index}`;
  return { key: `${number}:${sizeOf(before)}+${rise}`, usage: { ...usage, total_tokens: rise } };
}

/** The counter that moved: a new one from zero if it is below the last. */
function findCounter(
  counters: Counter[],
  counts: Counts,
  last: JsonObject | null,
  isContinued: boolean,
): Counter {
  if (last !== null) {
    const request = readCounts(last);
    const before = mapCounts((name) => counts[name] - request[name]);
    const exact = counters.find((counter) => isSame(counter.counts, before));
    if (exact !== undefined) return { ...exact };
    // A fork without its parent's lines goes on from its parent's total.
    if (isContinued && counters.length === 0) return { index: 0, counts: before };
  }
  const current = counters.at(-1);
  const hasFallen =
    current !== undefined &&
    (counts.input_tokens < current.counts.input_tokens ||
      counts.output_tokens < current.counts.output_tokens);
  if (current !== undefined && !hasFallen) return { ...current };
  const index = Math.max(-1, ...counters.map((counter) => counter.index)) + 1;
  return { index, counts: mapCounts(() => 0) };
}

function readCounters(fold: Fold): Counter[] {
  return Array.isArray(fold['counters']) ? (fold['counters'] as Counter[]) : [];
}

function readCounts(usage: JsonObject): Counts {
  return mapCounts((name) => asCount(usage[name]) ?? 0);
}

function mapCounts(count: (name: keyof Counts) => number): Counts {
  return Object.fromEntries(NAMES.map((name) => [name, count(name)])) as Counts;
}

function isSame(a: Counts, b: Counts): boolean {
  return NAMES.every((name) => a[name] === b[name]);
}

function sizeOf(counts: Counts): number {
  return counts.input_tokens + counts.output_tokens;
}
