import { type BilledRequest, partsOfCost } from './billed.ts';
import { type StepOutcome, ThreadReplay } from './replay.ts';
import { type CauseKey, type Part, UNATTRIBUTED } from './share.ts';
import type { Step } from './step.ts';

/** A request as a thread holds it. */
export interface HeldStep<Request extends BilledRequest> {
  step: Step;
  request: (Request & { seq: number }) | null;
  isCounted: boolean;
}

/** Told of each request that counts, with the causes that the places in its shares stand for. */
export type OnRequest<Request> = (
  request: Request,
  outcome: StepOutcome,
  replay: ThreadReplay,
) => void;

/** Replays one thread. A request's lines may come apart: what it wrote belongs to its first step. */
export function replayThread<Request extends BilledRequest>(
  held: readonly HeldStep<Request>[],
  onRequest: OnRequest<Request>,
): void {
  const replay = new ThreadReplay();
  for (const { step, request, isCounted } of withoutContinuations(held)) {
    const outcome = replay.next(step, request);
    if (request !== null && outcome !== null && isCounted) onRequest(request, outcome, replay);
  }
}

/** Shares of a request that no thread tells of: its parts are known by their tokens, their causes are not. */
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
  held: readonly HeldStep<Request>[],
): HeldStep<Request>[] {
  const first = new Map<number, HeldStep<Request>>();
  const steps: HeldStep<Request>[] = [];
  let carried: Step['in'] = [];
  let isReset = false;
  for (const { step, request, isCounted } of held) {
    const known = request === null ? undefined : first.get(request.seq);
    if (known !== undefined) {
      known.step = { ...known.step, out: merged(known.step.out, step.out) };
      known.isCounted ||= isCounted;
      carried = step.isReset === true ? step.in : [...carried, ...step.in];
      isReset ||= step.isReset === true;
      continue;
    }
    const isWhole = carried.length === 0 || step.isReset === true;
    const whole: Step = isWhole ? step : { ...step, in: [...carried, ...step.in] };
    const one = {
      step: isReset ? { ...whole, isReset: true as const } : whole,
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

/** A line that is repeated wrote nothing more. */
function merged(a: Step['out'], b: Step['out']): Step['out'] {
  const known = new Set(a.map(([kind, key]) => kind + key));
  return [...a, ...b.filter(([kind, key]) => !known.has(kind + key))];
}
