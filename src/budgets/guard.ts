import type { Budget } from '../core/budget/budget.ts';
import { asksForBudgets, isBudgetCommand } from '../core/budget/command.ts';
import type { Block, HookAnswer } from '../core/hook/answer.ts';
import type { HookEvent } from '../core/hook/event.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { type BudgetState, budgetStates } from './evaluate.ts';
import { budgetAlert } from './alert.ts';
import { effectiveBudgets } from './effective.ts';
import { environmentPercents } from '../core/budget/environment.ts';
import type { Environment } from '../sources/machine/paths.ts';
import { settingsBudgets } from '../sources/settings/budgets.ts';
import type { Settings } from '../sources/settings/file.ts';
import { formatBudgetNotice } from './notice.ts';
import { userZone } from '../sources/machine/user-zone.ts';
import { insertAlerts } from '../store/alerts/writer.ts';
import { failClosedPath, readFailClosed } from '../store/budgets/fail-closed-file.ts';
import {
  type LastModel,
  highestRecentCost,
  selectLastModel,
} from '../store/ingest/last-requests.ts';
import type { Ledger } from '../store/connection/open.ts';
import { appliesToEvent, nextRequestMatches } from './scope.ts';
import { unverifiableBlock, blockMessage } from './messages.ts';

interface GuardContext {
  event: HookEvent;
  /** The agent's name. */
  client: string;
  ledgerPath: string;
  env: Environment;
  settings: Settings;
  /** The effective prices; called only when a budget needs the highest price. */
  prices: () => PriceTable;
}

type Log = (what: string, error: unknown) => void;

/**
 * Applies the budgets to one event. Fails open: whatever goes wrong, the work continues, unless a budget
 * is set to fail closed. HOT PATH: without budgets this costs one statement.
 */
export class BudgetGuard {
  readonly #context: GuardContext;
  readonly #log: Log;
  readonly #warn: (text: string) => void;
  readonly #db: Ledger | null;
  #budgets: Budget[] = [];
  #states: BudgetState[] | null = null;
  /** Why the amounts in the ledger can't be trusted. */
  #trouble: string | null = null;

  /**
   * @param db null if it can't be opened; `trouble` then gives the reason
   * @param warn receives each malformed entry, on every event
   */
  constructor(
    place: GuardContext,
    db: Ledger | null,
    trouble: string | null,
    log: Log,
    warn: (text: string) => void,
  ) {
    this.#context = place;
    this.#db = db;
    this.#trouble = trouble;
    this.#log = log;
    this.#warn = warn;
    if (place.event.decision !== null) this.#read();
  }

  /** Whether there is anything to decide. */
  get isAwake(): boolean {
    return this.#budgets.length > 0;
  }

  /**
   * Whether a response that has not been read yet could reach the limit of a budget that stops: that is,
   * whether two of the session's most expensive recent requests would. Always true for a session without
   * any recorded request.
   */
  isClose(nowMs: number): boolean {
    const { event } = this.#context;
    if (event.decision !== 'tool-batch' || this.#db === null) return false;
    if (!this.#budgets.some(({ action }) => action === 'stop')) return false;
    const recent = event.sessionId === null ? null : highestRecentCost(this.#db, event.sessionId);
    return this.#statesOrNone(nowMs).some(
      ({ budget, level, spentNanoUsd, limitNanoUsd }) =>
        budget.action === 'stop' &&
        level !== 'over' &&
        (recent === null || spentNanoUsd + 2 * recent >= limitNanoUsd),
    );
  }

  /** More was recorded, so the amounts have to be queried again. */
  invalidate(): void {
    this.#states = null;
  }

  /** The spend of this event could not be written. */
  markUntrusted(error: unknown): void {
    this.#trouble = toErrorMessage(error);
  }

  /**
   * Makes the decision. Crossings are stored before anybody is notified: Claude Code also shows the
   * output of a hook that dies after printing it, so notifying first could notify twice.
   */
  answer(nowMs: number): HookAnswer {
    const { event } = this.#context;
    const states = this.#statesOrNone(nowMs);
    const isFree = isAboutBudgets(event);
    const over = isFree ? [] : this.#overNext(states);
    const stops = over.filter(({ budget }) => budget.action === 'stop' && mayStop(event));
    const asks = over.filter(({ budget }) => budget.action === 'ask' && event.decision === 'tool');
    const unverified = isFree ? null : this.#unverifiedBlock();
    const isBeforeTool = event.decision === 'tool';
    const silent = new Set(stops.map(({ budget }) => budget.name));
    return {
      stop:
        (isBeforeTool ? null : unverified) ??
        (stops.length === 0 ? null : blockMessage(stops, this.#context.client)),
      ask:
        asks.length > 0
          ? blockMessage(asks, this.#context.client).reason
          : isBeforeTool && unverified !== null
            ? unverified.reason
            : null,
      notices: this.#freshCrossings(states, nowMs)
        .filter(({ budget }) => budget.action !== 'observe' && !silent.has(budget.name))
        .map((state) => `tallyhook: ${formatBudgetNotice(state)}`),
    };
  }

  #read(): void {
    const { event, client } = this.#context;
    const budgets = this.#counting() ?? this.#failClosed();
    this.#budgets = budgets.filter(
      (budget) => concerns(budget, event) && appliesToEvent(budget, event, client, this.#db),
    );
  }

  /** Null if the ledger can't be read. */
  #counting(): Budget[] | null {
    const { env, settings, event } = this.#context;
    if (this.#db === null) return null;
    try {
      const cwd = event.cwd ?? env['HOME'] ?? '/';
      const { budgets, warnings } = effectiveBudgets(this.#db, env, settings, cwd);
      for (const warning of warnings) this.#warn(warning);
      return budgets;
    } catch (error) {
      this.#log('budgets', error);
      this.markUntrusted(error);
      return null;
    }
  }

  #failClosed(): Budget[] {
    const { env, settings, ledgerPath } = this.#context;
    try {
      const stored = readFailClosed(ledgerPath);
      const configured = settingsBudgets(env, settings.budgets, environmentPercents(env, []), []);
      return [...stored, ...configured].filter(({ isFailClosed }) => isFailClosed);
    } catch (error) {
      this.#log('budgets', error);
      return [];
    }
  }

  #statesOrNone(nowMs: number): BudgetState[] {
    if (this.#db === null || !this.isAwake) return [];
    if (this.#states !== null) return this.#states;
    const { event, settings, prices } = this.#context;
    const place = { sessionId: event.sessionId, promptId: event.promptId };
    const counting = { unpriced: settings.budget.unpriced, prices };
    try {
      const offset = userZone(settings.timezone);
      this.#states = budgetStates(this.#db, this.#budgets, place, nowMs, offset, counting);
      return this.#states;
    } catch (error) {
      this.#log('budgets', error);
      this.markUntrusted(error);
      return [];
    }
  }

  #overNext(states: BudgetState[]): BudgetState[] {
    const { event } = this.#context;
    let cached: LastModel | null | undefined;
    const lastModel = (): LastModel | null => {
      if (cached === undefined) {
        const { sessionId, agentId } = event;
        const isKnowable = this.#db !== null && sessionId !== null;
        cached = isKnowable ? selectLastModel(this.#db, sessionId, agentId) : null;
      }
      return cached;
    };
    return states.filter(
      ({ budget, level }) => level === 'over' && nextRequestMatches(budget.scope, event, lastModel),
    );
  }

  /** If the amount spent can't be determined, a budget that fails closed counts as spent. */
  #unverifiedBlock(): Block | null {
    const { event, ledgerPath } = this.#context;
    if (this.#trouble === null) return null;
    const action = event.decision === 'tool' ? 'ask' : mayStop(event) ? 'stop' : null;
    const unverified = this.#budgets.filter((one) => one.isFailClosed && one.action === action);
    if (unverified.length === 0) return null;
    const names = unverified.map(({ name }) => name);
    return unverifiableBlock(names, this.#trouble, failClosedPath(ledgerPath));
  }

  /** Crossings that nobody has been notified of yet. Each is stored together with its destinations. */
  #freshCrossings(states: BudgetState[], nowMs: number): BudgetState[] {
    const { event, settings } = this.#context;
    if (this.#db === null || !mayTell(event)) return [];
    const drafted = states.flatMap((state) => {
      const { sessionId } = event;
      const alert = budgetAlert(
        state,
        settings.alerts,
        formatBudgetNotice(state),
        sessionId,
        nowMs,
      );
      return alert === null ? [] : [{ alert, state }];
    });
    if (drafted.length === 0) return [];
    try {
      const drafts = drafted.map(({ alert }) => alert);
      const fresh = new Set(insertAlerts(this.#db, drafts, nowMs).fresh);
      // Information alerts are only for the history; they do not interrupt whoever is working.
      return drafted.flatMap(({ alert, state }) =>
        fresh.has(alert) && alert.level !== 'info' ? [state] : [],
      );
    } catch (error) {
      this.#log('budgets', error);
      return [];
    }
  }
}

/** Before a tool runs only `ask` budgets are evaluated; the others are evaluated after it. */
function concerns({ action }: Budget, { decision }: HookEvent): boolean {
  if (decision === 'tool') return action === 'ask';
  return decision === 'compaction' ? action === 'stop' : true;
}

function mayStop({ decision }: HookEvent): boolean {
  return decision === 'prompt' || decision === 'tool-batch' || decision === 'compaction';
}

/**
 * Inside a subagent Claude Code does not show messages of hooks: the main thread's next event reports
 * it.
 */
function mayTell({ decision, agentId }: HookEvent): boolean {
  if (agentId !== null) return false;
  return decision === 'prompt' || decision === 'tool-batch' || decision === 'turn-end';
}

/** Commands that show or raise budgets are never blocked. */
function isAboutBudgets({ prompt, decision, pendingTools }: HookEvent): boolean {
  if (decision === 'prompt') return prompt !== null && asksForBudgets(prompt);
  return (
    pendingTools.length > 0 &&
    pendingTools.every(({ shellCommand }) => shellCommand !== null && isBudgetCommand(shellCommand))
  );
}
