import type { TimelineRequest } from '../api/types.ts';
import { seriesColour } from '../charts/palette.ts';

export interface ContextRow {
  index: number;
  at: string;
  model: string;
  agentId: string | null;
  carried: number;
  rewritten: number;
  entered: number;
  /** Of all of it; 0 where no transcript shows it. */
  prompt: number;
  output: number;
  costUsd: number;
  /** With all before it. */
  sumUsd: number;
  cacheMiss: string | null;
}

export const CONTEXT_PARTS = [
  { key: 'carried', label: 'carried, from the cache', colour: seriesColour(0) },
  { key: 'rewritten', label: 'carried, paid as new again', colour: seriesColour(5) },
  { key: 'entered', label: 'new', colour: seriesColour(1) },
] as const;

/** More bars than this are thinner than a line. */
const MAX_BARS = 400;

/** Requests as bars; of very many, every so manieth, with the sums of all. */
export function contextRows(requests: readonly TimelineRequest[]): ContextRow[] {
  let sumUsd = 0;
  const rows = requests.map((one, index): ContextRow => {
    const costUsd = (one.costNanoUsd ?? 0) / 1e9;
    sumUsd += costUsd;
    const rewritten = one.rewrittenTokens ?? 0;
    return {
      index: index + 1,
      at: one.occurredAt,
      model: one.model,
      agentId: one.agentId,
      carried: Math.max(0, (one.carriedTokens ?? 0) - rewritten),
      rewritten,
      entered: one.enteredTokens ?? 0,
      prompt: one.promptTokens ?? 0,
      output: one.outputTokens,
      costUsd,
      sumUsd,
      cacheMiss: one.cacheMiss,
    };
  });
  const step = Math.ceil(rows.length / MAX_BARS);
  return step <= 1 ? rows : rows.filter(({ index }) => index % step === 0 || index === rows.length);
}
