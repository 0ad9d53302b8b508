import { HOUR_MS, QUARTER_HOUR_MS } from '../core/time/units.ts';
import type { ClientStatus } from '../core/client/status.ts';
import { currentBranch } from '../sources/machine/git-branch.ts';
import { resolveProject } from '../sources/machine/project.ts';
import type { StoredStatus, Spent, StatusLedger } from '../store/client/status.ts';
import type { ShownBudget } from './budget.ts';
import type { ValueName } from './template.ts';
import type { StatusFacts } from './values.ts';

/** One request ten seconds after the first would be a pace of hundreds of dollars. */
const MIN_PACE_MS = 300_000;

/** Runs a piece of work; null where it fails. */
export type Attempt = <Result>(work: () => Result) => Result | null;

export interface GatheredFacts extends StatusFacts {
  isSubscriber: boolean;
  /** What the ledger holds of the client's word so far. */
  kept: StoredStatus | null;
}

/** Asks only for what the template shows. @param budgetIn what of a budget is to be shown there */
export function gatherFacts(
  status: ClientStatus,
  wanted: Set<ValueName>,
  ledger: StatusLedger | null,
  nowMs: number,
  attempt: Attempt,
  budgetIn: (sessionId: string | null, cwd: string) => ShownBudget | null,
): GatheredFacts {
  const { sessionId, cwd, costNanoUsd } = status;
  const ask = <Result>(question: (ledger: StatusLedger) => Result): Result | null =>
    ledger === null ? null : attempt(() => question(ledger));
  const ofSession = <Result>(
    question: (ledger: StatusLedger, sessionId: string) => Result,
  ): Result | null => (sessionId === null ? null : ask((open) => question(open, sessionId)));
  const ifWanted = <Result>(name: ValueName, value: () => Result): Result | null =>
    wanted.has(name) ? value() : null;
  const kept = ofSession((open, id) => open.keptStatus(id));
  return {
    status: { ...status, limits: status.limits ?? kept?.limits ?? null },
    session: ifWanted('session', () =>
      costNanoUsd === null
        ? ofSession((open, id) => open.spentIn(id))
        : { nanoUsd: costNanoUsd, isEstimated: false, isPartial: false },
    ),
    today: ifWanted('today', () => ask((open) => sumToday(open, costNanoUsd ?? 0, nowMs))),
    hourly: ifWanted('rate', () => ofSession((open, id) => sumRecent(open, id, nowMs))),
    budget: ifWanted('budget', () =>
      cwd === null ? null : attempt(() => budgetIn(sessionId, cwd)),
    ),
    project: ifWanted('project', () => (cwd === null ? null : resolveProject(cwd).name)),
    branch: ifWanted('branch', () => (cwd === null ? null : currentBranch(cwd))),
    isSubscriber: isSubscriber(status, kept, ask),
    kept,
  };
}

/**
 * A client tells a subscriber's limits after its first answer, so that before it the dollars of a
 * subscriber would look like a bill: until then it is what it was when a client last told.
 */
function isSubscriber(
  status: ClientStatus,
  kept: StoredStatus | null,
  ask: <Result>(question: (ledger: StatusLedger) => Result) => Result | null,
): boolean {
  if (status.limits !== null || kept?.limits != null) return true;
  const hasAnswer = (status.apiDurationMs ?? 0) > 0 || (status.costNanoUsd ?? 0) > 0;
  return !hasAnswer && ask((open) => open.wasSubscribedLast()) === true;
}

/**
 * What the ledger has of the user's day. Null where it has nothing and the client has spent something: its
 * requests are not recorded (yet), and nothing would be a lie beside them.
 */
function sumToday(ledger: StatusLedger, clientNanoUsd: number, nowMs: number): Spent | null {
  const spent = ledger.spentBetween(...dayAround(nowMs));
  return spent.nanoUsd === 0 && clientNanoUsd > 0 ? null : spent;
}

/**
 * The user's day, in whole quarters of an hour. From the local clock of the Date: asking Intl for an
 * offset costs more than the rest of the line.
 */
function dayAround(nowMs: number): [fromMs: number, beforeMs: number] {
  const now = new Date(nowMs);
  const midnight = (day: number): number => {
    const ms = new Date(now.getFullYear(), now.getMonth(), day).getTime();
    return ms - (ms % QUARTER_HOUR_MS);
  };
  return [midnight(now.getDate()), midnight(now.getDate() + 1)];
}

/**
 * What an hour costs at the session's pace: its requests of the last hour over the time since the first
 * of them. So a break before them does not count (the client's duration of the session would count
 * every one, a night's too), and while nothing happens the rate falls, until an hour later there is
 * none. Null where there was no request.
 */
function sumRecent(ledger: StatusLedger, sessionId: string, nowMs: number): Spent | null {
  const spent = ledger.spentSince(sessionId, nowMs - HOUR_MS);
  if (spent === null) return null;
  const elapsedMs = Math.max(nowMs - spent.firstAtMs, MIN_PACE_MS);
  const { nanoUsd, isEstimated, isPartial } = spent;
  return { nanoUsd: Math.round((nanoUsd / elapsedMs) * HOUR_MS), isEstimated, isPartial };
}
