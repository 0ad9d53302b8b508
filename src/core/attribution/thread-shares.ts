import { type BilledRequest, partsOfCost } from './billed.ts';
import { type StepOutcome, ThreadReplay } from './replay.ts';
import { type CauseKey, type Part, UNATTRIBUTED } from './share.ts';
import type { Step } from './step.ts';

/** One step of a thread with its request. */
export interface HeldStep<Request extends BilledRequest> {
  step: Step;
  request: (Request & { seq: number }) | null;
  isCounted: boolean;
}

/** Called for each request that counts; the shares refer to causes by their index in the replay's context. */
export type OnRequest<Request> = (
  request: Request,
  outcome: StepOutcome,
  replay: ThreadReplay,
) => void;

/** Replays one thread. If the lines of a request are apart, all that it wrote belongs to its first step. */
export function replayThread<Request extends BilledRequest>(
  threadSteps: readonly HeldStep<Request>[],
  onRequest: OnRequest<Request>,
): void {
  const replay = new ThreadReplay();
  for (const { step, request, isCounted } of withoutContinuations(threadSteps)) {
    const outcome = replay.next(step, request);
    if (request !== null && outcome !== null && isCounted) onRequest(request, outcome, replay);
  }
}

/**
 * The shares of a request without a thread: its parts follow from its tokens, but their causes are unexisting.
 */
export function sharesWithoutThread(
  request: BilledRequest,
): { key: CauseKey; part: Part; costNanoUsd: number }[] {
  if (request.costNanoUsd === null) return [];
  const parts = partsOfCost(request);
  const costs: [Part, number][] = [
    ['output', parts.outputCostNanoUsd],
    ['new-input', parts.inputCostNanoUsd + parts.cacheWriteCostNanoUsd],
    ['carried-input', parts.cacheReadCostNanoUsd],
    ['web-search', parts.webSearchCostNanoUsd],
  ];
  return costs
    .filter(([, cost]) => cost > 0)
    .map(([part, costNanoUsd]) => ({ key: UNATTRIBUTED, part, costNanoUsd }));
}

function withoutContinuations<Request extends BilledRequest>(
  threadSteps: readonly HeldStep<Request>[],
): HeldStep<Request>[] {
  const first = new Map<number, HeldStep<Request>>();
  const steps: HeldStep<Request>[] = [];
  let carried: Step['in'] = [];
  let isReset = false;
  for (const { step, request, isCounted } of threadSteps) {
    const existing = request === null ? undefined : first.get(request.seq);
    if (existing !== undefined) {
      existing.step = { ...existing.step, out: merged(existing.step.out, step.out) };
      existing.isCounted ||= isCounted;
      carried = step.isReset === true ? step.in : [...carried, ...step.in];
      isReset ||= step.isReset === true;
      continue;
    }
    const isComplete = carried.length === 0 || step.isReset === true;
    const complete: Step = isComplete ? step : { ...step, in: [...carried, ...step.in] };
    const one = {
      step: isReset ? { ...complete, isReset: true as const } : complete,
      request,
      isCounted,
    };
    carried = [];
    isReset = false;
    if (request !== null) first.set(request.seq, one);
    steps.push(one);
  }
  return steps;
}

/** A repeated line wrote nothing more. */
function merged(a: Step['out'], b: Step['out']): Step['out'] {
  const existing = new Set(a.map(([kind, key]) => kind + key));
  return [...a, ...b.filter(([kind, key]) => !existing.has(kind + key))];
}
