import {
  BUDGET_ACTIONS,
  BUDGET_PERIODS,
  type Budget,
  type BudgetScope,
  WHOLE_SCOPE,
} from './budget.ts';
import { exactUsd, roundToNanoUsd } from '../money/exact-usd.ts';
import { type JsonObject, asObject } from '../lang/json.ts';
import { CLIENTS, canonicalClient } from '../client/names.ts';
import { canonicalModel } from '../model/model-name.ts';
import { printable } from '../lang/printable.ts';

/** The percentages of budgets that do not set their own. */
export interface BudgetPercents {
  warn: number;
  critical: number;
}

export const DEFAULT_PERCENTS: BudgetPercents = { warn: 80, critical: 95 };
export const DEFAULT_ACTION = 'warn';

/** An invalid part of a budget. */
export interface BudgetFault {
  /** Null: the budget itself. */
  key: string | null;
  given: unknown;
  fault: string;
}

/** The keys of a budget in a settings file; its name is the key it is stored under. */
export const BUDGET_KEYS = [
  'limit',
  'per',
  'project',
  'branch',
  'model',
  'agentType',
  'tool',
  'provider',
  'client',
  'warn',
  'critical',
  'action',
  'failClosed',
] as const;

export const BUDGET_NAME = /^[A-Za-z0-9._-]{1,64}$/;
export const NAME_FAULT = 'is not a valid name: use letters, digits, "." "_" and "-", at most 64';

/**
 * Reads a budget of unknown shape. By hand, because a schema library would slow down the hook. Amounts
 * are decimal USD as a number or string, read to the nano-USD.
 * @param base supplies whatever the given budget leaves out
 */
export function parseBudget(
  name: string,
  given: unknown,
  origin: Budget['origin'],
  percents: BudgetPercents,
  base: Budget | null = null,
): Budget | BudgetFault {
  const object = asObject(given);
  if (!BUDGET_NAME.test(name)) return { key: null, given: name, fault: NAME_FAULT };
  if (object === null)
    return { key: null, given, fault: 'is not an object with a limit and a period' };
  const foreign = Object.keys(object).find((key) => !BUDGET_KEYS.some((name) => name === key));
  if (foreign !== undefined) {
    return {
      key: foreign,
      given: object[foreign],
      fault: `is not one of ${BUDGET_KEYS.join(', ')}`,
    };
  }
  const limitNanoUsd = amountIn(object, base);
  if (limitNanoUsd === null) return faultIn(object, 'limit', AMOUNT_FAULT);
  const per = parseOneOf(BUDGET_PERIODS, object['per'], base?.per);
  if (per === null) return faultIn(object, 'per', `is not one of ${BUDGET_PERIODS.join(', ')}`);
  const action = parseOneOf(BUDGET_ACTIONS, object['action'], base?.action ?? DEFAULT_ACTION);
  if (action === null)
    return faultIn(object, 'action', `is not one of ${BUDGET_ACTIONS.join(', ')}`);
  const isFailClosed = object['failClosed'] ?? base?.isFailClosed ?? false;
  if (typeof isFailClosed !== 'boolean') {
    return faultIn(object, 'failClosed', 'is neither true nor false');
  }
  const wrong = (['warn', 'critical'] as const).find((key) => !isPercent(object[key] ?? 1));
  if (wrong !== undefined) return faultIn(object, wrong, PERCENT_FAULT);
  const { warn, critical } = parsePercents(object, percents, base);
  if (warn > critical) return faultIn(object, 'warn', `is above critical (${critical})`);
  const scope = scopeIn(object, base?.scope ?? WHOLE_SCOPE);
  if ('fault' in scope) return scope;
  return {
    name,
    limitNanoUsd,
    per,
    scope,
    warnPercent: warn,
    criticalPercent: critical,
    action,
    isFailClosed,
    origin,
  };
}

/** A fault as one line: `budgets.daily.limit: "x" is not an amount ...`. Printable, because the file may be a stranger's. */
export function faultLine(name: string, { key, given, fault }: BudgetFault): string {
  const place = ['budgets', name, ...(key === null ? [] : [key])].map((part) => part.slice(0, 80));
  const value = (JSON.stringify(given) ?? '(missing)').slice(0, 80);
  const line = `${place.join('.')}: ${value} ${fault}; this budget is ignored`;
  return printable(line);
}

export function isFault(parsed: Budget | BudgetFault): parsed is BudgetFault {
  return 'fault' in parsed;
}

export const AMOUNT_FAULT = 'is not an amount in USD above zero';
export const PERCENT_FAULT = 'is not a whole percentage from 1 to 100';

/** Decimal USD as nano-USD; null if it is not a number, or rounds to zero nano-USD. */
export function parseAmount(value: unknown): number | null {
  const exact = exactUsd(typeof value === 'string' ? value.trim() : value);
  const nanoUsd = exact === null ? null : roundToNanoUsd(exact);
  return nanoUsd === null || nanoUsd === 0 ? null : nanoUsd;
}

export function isPercent(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100;
}

function faultIn(object: JsonObject, key: string, fault: string): BudgetFault {
  return { key, given: object[key], fault };
}

function amountIn(object: JsonObject, base: Budget | null): number | null {
  return object['limit'] == null && base !== null
    ? base.limitNanoUsd
    : parseAmount(object['limit']);
}

function parseOneOf<Name extends string>(
  names: readonly Name[],
  given: unknown,
  fallback: Name | undefined,
): Name | null {
  return given == null ? (fallback ?? null) : (names.find((name) => name === given) ?? null);
}

/** A percentage that is given moves the other one, if that is not given, so that warn <= critical. */
function parsePercents(object: JsonObject, percents: BudgetPercents, base: Budget | null) {
  const stated = { warn: object['warn'], critical: object['critical'] };
  const warn = base?.warnPercent ?? percents.warn;
  const critical = base?.criticalPercent ?? percents.critical;
  return {
    warn: isPercent(stated.warn)
      ? stated.warn
      : Math.min(warn, isPercent(stated.critical) ? stated.critical : 100),
    critical: isPercent(stated.critical)
      ? stated.critical
      : Math.max(critical, isPercent(stated.warn) ? stated.warn : 0),
  };
}

const CANONICAL: Partial<Record<keyof BudgetScope, (text: string) => string>> = {
  model: canonicalModel,
  client: canonicalClient,
};

function scopeIn(object: JsonObject, base: BudgetScope): BudgetScope | BudgetFault {
  const scope = { ...base };
  for (const name of Object.keys(WHOLE_SCOPE) as (keyof BudgetScope)[]) {
    const value = object[name];
    if (value == null) continue;
    if (typeof value !== 'string' || value === '' || value.length > 1024 || value.includes('\0')) {
      return faultIn(object, name, 'is not a non-empty string');
    }
    if (name === 'client' && !CLIENTS.includes(canonicalClient(value))) {
      return faultIn(object, name, `is not one of ${CLIENTS.join(', ')}`);
    }
    scope[name] = CANONICAL[name]?.(value) ?? value;
  }
  return scope;
}
