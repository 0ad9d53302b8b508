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
  /** All input tokens; 0 if no transcript shows the context. */
  prompt: number;
  output: number;
  costUsd: number;
  /** The cost up to and including this request. */
  sumUsd: number;
  cacheMiss: string | null;
}

export const CONTEXT_PARTS = [
  { key: 'carried', label: 'carried, from the cache', colour: seriesColour(0) },
  { key: 'rewritten', label: 'carried, paid again as new', colour: seriesColour(5) },
  { key: 'entered', label: 'new', colour: seriesColour(1) },
] as const;

/** With more bars than this, each would be thinner than a line. */
const MAX_BARS = 400;

/** Requests as bars. If there are more than MAX_BARS, only every nth is shown; the running sums include all. */
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
