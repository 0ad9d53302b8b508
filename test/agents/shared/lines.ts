import type { Fold, LinesSource } from '../../../src/agents/source.ts';
import type { Entry, RequestEntry } from '../../../src/core/transcript/entry.ts';

/** The entries of the lines of one file, in their order. */
export function entriesOf(
  source: LinesSource,
  lines: readonly unknown[],
  fold: Fold = {},
): Entry[] {
  return lines.flatMap((line) =>
    source.parseLine(typeof line === 'string' ? line : JSON.stringify(line), fold),
  );
}

export function requestsOf(entries: readonly Entry[]): RequestEntry[] {
  return entries.filter((entry) => entry.type === 'request');
}

/** Input, output, cache read and cache write of each request. */
export function countsIn(entries: readonly Entry[]): number[][] {
  return requestsOf(entries).map(({ parsed: { usage } }) => [
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
  ]);
}
