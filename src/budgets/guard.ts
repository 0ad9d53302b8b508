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
  /** Those that count; where a budget wants the most expensive. */
  prices: () => PriceTable;
}

type Log = (what: string, error: unknown) => void;

/**
 * What budgets say to one event. Fails open: whatever goes wrong, the work goes on, unless a budget
 * is set to fail closed. HOT PATH: without budgets it is one statement.
 */
export class BudgetGuard {
  readonly #context: GuardContext;
  readonly #log: Log;
  readonly #warn: (text: string) => void;
  readonly #db: Ledger | null;
  #budgets: Budget[] = [];
  #states: BudgetState[] | null = null;
  /** Why the ledger does not tell all. */
  #trouble: string | null = null;

  /**
   * @param db null where it can't be opened, for `trouble`
   * @param warn is told of what is malformed, time and again
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

  /** Whether anything is to be decided. */
  get isAwake(): boolean {
    return this.#budgets.length > 0;
  }

  /**
   * Whether a response that is not read yet could be what reaches a limit that stops: two of the
   * session's recent ones would. Of a session without any nobody knows.
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

  /** More was recorded: what is spent is to be asked again. */
  invalidate(): void {
    this.#states = null;
  }

  /** The spend of this event could not be written. */
  markUntrusted(error: unknown): void {
    this.#trouble = toErrorMessage(error);
  }

  /**
   * Decides. Crossings are kept before anybody is told of them: the client listens to a hook that
   * dies after it has spoken, so that telling first could tell twice.
   */
  answer(nowMs: number): HookAnswer {
    const { event } = this.#context;
    const states = this.#statesOrNone(nowMs);
    const isFree = isAboutBudgets(event);
    const over = isFree ? [] : this.#overNext(states);
    const stops = over.filter(({ budget }) => budget.action === 'stop' && mayStop(event));
    const asks = over.filter(({ budget }) => budget.action === 'ask' && event.decision === 'tool');
    const blind = isFree ? null : this.#unverifiedBlock();
    const isAsked = event.decision === 'tool';
    const silent = new Set(stops.map(({ budget }) => budget.name));
    return {
      stop: (isAsked ? null : blind) ?? (stops.length === 0 ? null : blockMessage(stops)),
      ask:
        asks.length > 0
          ? blockMessage(asks).reason
          : isAsked && blind !== null
            ? blind.reason
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
      (budget) => concerns(budget, event) && appliesToEvent(budget, event, client),
    );
  }

  /** Null where the ledger does not tell. */
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
      const kept = readFailClosed(ledgerPath);
      const given = settingsBudgets(env, settings.budgets, environmentPercents(env, []), []);
      return [...kept, ...given].filter(({ isFailClosed }) => isFailClosed);
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
    let known: LastModel | null | undefined;
    const lastModel = (): LastModel | null => {
      if (known === undefined) {
        const { sessionId, agentId } = event;
        const isKnowable = this.#db !== null && sessionId !== null;
        known = isKnowable ? selectLastModel(this.#db, sessionId, agentId) : null;
      }
      return known;
    };
    return states.filter(
      ({ budget, level }) => level === 'over' && nextRequestMatches(budget.scope, event, lastModel),
    );
  }

  /** Where nobody can tell what is spent, a budget that fails closed counts as spent. */
  #unverifiedBlock(): Block | null {
    const { event, ledgerPath } = this.#context;
    if (this.#trouble === null) return null;
    const action = event.decision === 'tool' ? 'ask' : mayStop(event) ? 'stop' : null;
    const blind = this.#budgets.filter((one) => one.isFailClosed && one.action === action);
    if (blind.length === 0) return null;
    const names = blind.map(({ name }) => name);
    return unverifiableBlock(names, this.#trouble, failClosedPath(ledgerPath));
  }

  /** Crossings that nobody has been told of; each is kept with where it has to go. */
  #freshCrossings(states: BudgetState[], nowMs: number): BudgetState[] {
    const { event, settings } = this.#context;
    if (this.#db === null || !mayTell(event)) return [];
    const found = states.flatMap((state) => {
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
    if (found.length === 0) return [];
    try {
      const drafts = found.map(({ alert }) => alert);
      const fresh = new Set(insertAlerts(this.#db, drafts, nowMs).fresh);
      // An info is for the history, not for who is at work.
      return found.flatMap(({ alert, state }) =>
        fresh.has(alert) && alert.level !== 'info' ? [state] : [],
      );
    } catch (error) {
      this.#log('budgets', error);
      return [];
    }
  }
}

/** A tool that is about to run is asked for; whatever else there is to say is said after it. */
function concerns({ action }: Budget, { decision }: HookEvent): boolean {
  if (decision === 'tool') return action === 'ask';
  return decision === 'compaction' ? action === 'stop' : true;
}

function mayStop({ decision }: HookEvent): boolean {
  return decision === 'prompt' || decision === 'tool-batch' || decision === 'compaction';
}

/** Inside a subagent the client shows no message of a hook: the next event of the main thread tells. */
function mayTell({ decision, agentId }: HookEvent): boolean {
  if (agentId !== null) return false;
  return decision === 'prompt' || decision === 'tool-batch' || decision === 'turn-end';
}

/** Nobody is kept from showing or raising budgets. */
function isAboutBudgets({ prompt, decision, pendingTools }: HookEvent): boolean {
  if (decision === 'prompt') return prompt !== null && asksForBudgets(prompt);
  return (
    pendingTools.length > 0 &&
    pendingTools.every(({ shellCommand }) => shellCommand !== null && isBudgetCommand(shellCommand))
  );
}
