import type { RecordedCall } from './recorded.ts';
import type { ModelUsage } from './result-reader.ts';

/** The spend on one model; the 1-hour part is null if the client does not report it. */
export interface ModelTotal {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  cacheWrite1hTokens: number | null;
  webSearchRequests: number;
  /** Rounded, as the client adds in floating point. */
  costNanoUsd: number;
}

export type ModelTotals = Record<string, ModelTotal>;

/** Sums of requests, by model. */
export function totalsOf(records: RecordedCall[], hasSplit: boolean): ModelTotals {
  return addUp(
    records.map((record) => [
      record.model,
      {
        inputTokens: record.inputTokens,
        outputTokens: record.outputTokens,
        cacheReadTokens: record.cacheReadTokens,
        cacheWriteTokens: record.cacheWrite5mTokens + record.cacheWrite1hTokens,
        cacheWrite1hTokens: hasSplit ? record.cacheWrite1hTokens : null,
        webSearchRequests: record.webSearchRequests,
        costNanoUsd: record.costNanoUsd,
      },
    ]),
  );
}

/** The spend that clients report, by model. */
export function totalsSaid(said: ModelUsage[]): ModelTotals {
  return addUp(
    said.flatMap((usage) =>
      Object.entries(usage).map(([model, one]): [string, ModelTotal] => [
        model,
        {
          inputTokens: one.inputTokens,
          outputTokens: one.outputTokens,
          cacheReadTokens: one.cacheReadInputTokens,
          cacheWriteTokens: one.cacheCreationInputTokens,
          cacheWrite1hTokens: one.cacheCreationEphemeral1hInputTokens ?? null,
          webSearchRequests: one.webSearchRequests,
          costNanoUsd: Math.round(one.costUSD * 1e9),
        },
      ]),
    ),
  );
}

function addUp(parts: [model: string, part: ModelTotal][]): ModelTotals {
  const totals: ModelTotals = {};
  for (const [model, part] of parts) {
    const sum = totals[model];
    totals[model] = sum === undefined ? part : plus(sum, part);
  }
  return totals;
}

function plus(a: ModelTotal, b: ModelTotal): ModelTotal {
  const has1h = a.cacheWrite1hTokens !== null && b.cacheWrite1hTokens !== null;
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    cacheWrite1hTokens: has1h ? (a.cacheWrite1hTokens ?? 0) + (b.cacheWrite1hTokens ?? 0) : null,
    webSearchRequests: a.webSearchRequests + b.webSearchRequests,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
  };
}
