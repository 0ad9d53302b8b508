import type { CauseName } from '../../core/client/coverage-causes.ts';
import {
  PROMPT_FIELDS,
  type Spend,
  minusSpend,
  noSpend,
  plusSpend,
} from '../../core/budget/spend.ts';
import type { LedgerPart } from '../../store/client/coverage.ts';
import type { CoverageCause } from './cause.ts';
import { priceCause } from './price-cause.ts';

/** One model of a session: the client's total, the recorded cost, and the rest of the difference. */
export interface ModelCoverage {
  model: string;
  /** Null if the client reported no total for this model. */
  client: Spend | null;
  ledger: Spend;
  requests: number;
  /** Unexplained part of the difference; null if there is no difference to explain. */
  unexplained: Spend | null;
}

export interface ModelFacts {
  model: string;
  client: Spend;
  part: LedgerPart | null;
  /** Records after the client's last report. */
  since: LedgerPart | null;
  /** What is already explained, request by request. */
  explained: Spend;
}

/** What a model's token counts reveal about the difference in cost. */
export function explainModel(facts: ModelFacts): {
  coverage: ModelCoverage;
  causes: CoverageCause[];
} {
  const { model, client, part, since, explained } = facts;
  const causes: CoverageCause[] = [];
  const explain = (cause: CauseName, count: bigint, costNanoUsd: bigint): void => {
    const of = { querySource: null, requestIds: [] };
    causes.push({ cause, count: Number(count), costNanoUsd, ...of });
  };
  const ledger = part ?? noSpend();
  let rest = minusSpend(minusSpend(client, ledger), explained);
  if (since !== null && isNotYetReported(rest, since)) {
    explain('not-reported', since.requests, -since.costNanoUsd);
    rest = plusSpend(rest, since);
  }
  const cause = part === null ? null : findSingleCause(rest, part);
  if (cause !== null) {
    explain(cause.name, cause.count, rest.costNanoUsd);
    rest = noSpend();
  }
  const unexplained = rest;
  const requests = Number(part?.requests ?? 0n);
  return { coverage: { model, client, ledger: pickSpend(ledger), requests, unexplained }, causes };
}

/** Whether the client counts less, and the records after its last report are enough to explain it. */
function isNotYetReported(rest: Spend, since: Spend): boolean {
  const counts = [...PROMPT_FIELDS, 'outputTokens'] as const;
  return (
    counts.some((name) => rest[name] < 0n) && counts.every((name) => rest[name] + since[name] >= 0n)
  );
}

/** Null if a request may be missing, because every request has prompt tokens. */
function findSingleCause(rest: Spend, part: LedgerPart): { name: CauseName; count: bigint } | null {
  if (PROMPT_FIELDS.some((name) => rest[name] !== 0n) || rest.costNanoUsd === 0n) return null;
  if (rest.outputTokens !== 0n) {
    const isLowerBound = part.incomplete > 0n && rest.outputTokens > 0n;
    return isLowerBound ? { name: 'incomplete-output', count: part.incomplete } : null;
  }
  const name = priceCause(rest.costNanoUsd, part.requests, part);
  const counts = { batch: part.batch, region: part.regional };
  return { name, count: name === 'batch' || name === 'region' ? counts[name] : part.requests };
}

/** Without what else is known about the part. */
export function pickSpend(part: Spend): Spend {
  return plusSpend(part, noSpend());
}
