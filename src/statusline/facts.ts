import { type ZoneOffset, startOfDay, toLocalDay } from '../core/time/period.ts';
import { HOUR_MS, QUARTER_HOUR_MS } from '../core/time/units.ts';
import type { ClientStatus } from '../core/client/status.ts';
import { currentBranch } from '../sources/machine/git-branch.ts';
import { resolveProject } from '../sources/machine/project.ts';
import type { StoredStatus, Spent, StatusLedger } from '../store/client/status.ts';
import type { ShownBudget } from './budget.ts';
import type { ValueName } from './template.ts';
import type { StatusFacts } from './values.ts';

/** Without a minimum, one request ten seconds after the first would give a pace of hundreds of dollars. */
const MIN_PACE_MS = 300_000;

/** Runs a function; null if it throws. */
export type Attempt = <Result>(work: () => Result) => Result | null;

export interface GatheredFacts extends StatusFacts {
  isSubscriber: boolean;
  /** What the ledger has stored of earlier status reports. */
  stored: StoredStatus | null;
}

/**
 * Gathers only what the template shows.
 * @param zone returns the user's time zone; may take milliseconds, so it is called only if needed
 * @param budgetIn returns the budget to show
 */
export function gatherFacts(
  status: ClientStatus,
  wanted: Set<ValueName>,
  ledger: StatusLedger | null,
  nowMs: number,
  attempt: Attempt,
  zone: () => ZoneOffset,
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
  const stored = ofSession((open, id) => open.storedStatus(id));
  const client = ofSession((open, id) => open.clientSpend(id, status, nowMs)) ?? costNanoUsd;
  return {
    status: { ...status, limits: status.limits ?? stored?.limits ?? null },
    session: ifWanted('session', () =>
      higherSpent(
        client,
        ofSession((open, id) => open.spentIn(id)),
      ),
    ),
    today: ifWanted('today', () => ask((open) => sumToday(open, client ?? 0, nowMs, zone()))),
    hourly: ifWanted('rate', () => ofSession((open, id) => sumRecent(open, id, nowMs))),
    budget: ifWanted('budget', () =>
      cwd === null ? null : attempt(() => budgetIn(sessionId, cwd)),
    ),
    project: ifWanted('project', () => (cwd === null ? null : resolveProject(cwd).name)),
    branch: ifWanted('branch', () => (cwd === null ? null : currentBranch(cwd))),
    isSubscriber: isSubscriber(status, stored, ask),
    stored,
  };
}

/** Claude Code's figure, which includes what no transcript shows, but never less than is recorded. */
function higherSpent(clientNanoUsd: number | null, recorded: Spent | null): Spent | null {
  if (clientNanoUsd === null) return recorded;
  if (recorded !== null) {
    const isEqual = recorded.nanoUsd === clientNanoUsd;
    if (recorded.nanoUsd > clientNanoUsd || (isEqual && recorded.isPartial)) return recorded;
  }
  return { nanoUsd: clientNanoUsd, isEstimated: false, isPartial: false };
}

/**
 * Claude Code reports a subscriber's limits only after its first answer. Until then a subscriber's
 * dollars would look like a bill, so the last status that reported any decides.
 */
function isSubscriber(
  status: ClientStatus,
  stored: StoredStatus | null,
  ask: <Result>(question: (ledger: StatusLedger) => Result) => Result | null,
): boolean {
  if (status.limits !== null || stored?.limits != null) return true;
  const hasAnswer = (status.apiDurationMs ?? 0) > 0 || (status.costNanoUsd ?? 0) > 0;
  return !hasAnswer && ask((open) => open.wasSubscribedLast()) === true;
}

/**
 * The cost recorded for the user's day. Null if nothing is recorded although Claude Code reports spend:
 * its requests are not recorded (yet), and showing zero next to that spend would be wrong.
 */
function sumToday(
  ledger: StatusLedger,
  clientNanoUsd: number,
  nowMs: number,
  offset: ZoneOffset,
): Spent | null {
  const spent = ledger.spentBetween(...dayAround(nowMs, offset));
  return spent.nanoUsd === 0 && clientNanoUsd > 0 ? null : spent;
}

/** The user's day, in whole quarter hours, like the roll-ups. */
function dayAround(nowMs: number, offset: ZoneOffset): [fromMs: number, beforeMs: number] {
  const day = toLocalDay(nowMs, offset);
  const midnight = (of: number): number => {
    const ms = startOfDay(of, offset);
    return ms - (ms % QUARTER_HOUR_MS);
  };
  return [midnight(day), midnight(day + 1)];
}

/**
 * The cost per hour at the session's pace: the cost of the last hour's requests, divided by the time
 * since the first of them. So a break before them does not count (Claude Code's session duration would
 * include every break, even a night), and while nothing happens the rate falls; after an hour there is
 * none. Null if there was no request.
 */
function sumRecent(ledger: StatusLedger, sessionId: string, nowMs: number): Spent | null {
  const spent = ledger.spentSince(sessionId, nowMs - HOUR_MS);
  if (spent === null) return null;
  const elapsedMs = Math.max(nowMs - spent.firstAtMs, MIN_PACE_MS);
  const { nanoUsd, isEstimated, isPartial } = spent;
  return { nanoUsd: Math.round((nanoUsd / elapsedMs) * HOUR_MS), isEstimated, isPartial };
}
