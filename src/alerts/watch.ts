import { budgetAlert } from '../budgets/alert.ts';
import { budgetStates } from '../budgets/evaluate.ts';
import { effectiveBudgets } from '../budgets/effective.ts';
import { effectivePrices } from '../ingest/effective-prices.ts';
import { formatBudgetNotice } from '../budgets/notice.ts';
import type { Environment } from '../sources/machine/paths.ts';
import type { Settings } from '../sources/settings/file.ts';
import { userZone } from '../sources/machine/user-zone.ts';
import { latestRequests, latestSessions, watched } from '../store/alerts/candidates.ts';
import { insertAlerts } from '../store/alerts/writer.ts';
import { selectLastPrompt } from '../store/budgets/reader.ts';
import type { Ledger } from '../store/connection/open.ts';
import { MAX_ALERT_AGE_MS, type Watch, recordAnomalies } from './anomalies.ts';
import { recordVelocity } from './velocity.ts';

/** Scanning this many requests takes about ten milliseconds, whatever the size of the ledger. */
const MAX_REQUESTS = 10_000;
const MAX_SESSIONS = 20;

/** Finds what warrants an alert and stores it: each once, however many processes scan, and however often. */
export function watchLedger(db: Ledger, env: Environment, settings: Settings, nowMs: number): void {
  watched(db, nowMs);
  const offset = userZone(settings.timezone);
  const requests = latestRequests(db, MAX_REQUESTS);
  const watch: Watch = { db, alerts: settings.alerts, nowMs, offset, requests };
  recordCrossings(watch, env, settings);
  recordVelocity(watch);
  recordAnomalies(watch);
}

/**
 * Records budget crossings that no hook saw. A session that is running is notified by its next hook. Budgets
 * of a project are checked only by hooks, which know the working directory.
 */
function recordCrossings(
  { db, nowMs, offset, requests }: Watch,
  env: Environment,
  settings: Settings,
): void {
  const { budgets } = effectiveBudgets(db, env, settings, '/');
  if (budgets.length === 0) return;
  const counting = {
    unpriced: settings.budget.unpriced,
    prices: () => effectivePrices(env, settings).prices,
  };
  const insert = (
    applicable: typeof budgets,
    sessionId: string | null,
    promptId: string | null,
  ): void => {
    const states = budgetStates(db, applicable, { sessionId, promptId }, nowMs, offset, counting);
    const drafts = states.flatMap(
      (state) =>
        budgetAlert(state, settings.alerts, formatBudgetNotice(state), sessionId, nowMs) ?? [],
    );
    insertAlerts(db, drafts, null);
  };
  const isOfSession = ({ per }: (typeof budgets)[number]): boolean =>
    per === 'session' || per === 'prompt';
  const ofTime = budgets.filter((budget) => !isOfSession(budget));
  const ofSessions = budgets.filter(isOfSession);
  insert(ofTime, requests[0]?.sessionId ?? null, null);
  if (ofSessions.length === 0) return;
  for (const { sessionId, lastAtMs } of latestSessions(db, MAX_SESSIONS)) {
    if (lastAtMs < nowMs - MAX_ALERT_AGE_MS) break;
    insert(ofSessions, sessionId, selectLastPrompt(db, sessionId));
  }
}
