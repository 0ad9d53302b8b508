import { type Budget, WHOLE_SCOPE } from './budget.ts';
import {
  AMOUNT_FAULT,
  type BudgetPercents,
  DEFAULT_ACTION,
  DEFAULT_PERCENTS,
  PERCENT_FAULT,
  parseAmount,
  isPercent,
} from './spec.ts';

type Variables = Record<string, string | undefined>;

/** Limits that older trackers read from the environment, and the budgets they define. */
export const BUDGET_VARIABLES = {
  DAILY_COST_LIMIT: { name: 'daily', per: 'day' },
  SESSION_COST_LIMIT: { name: 'session', per: 'session' },
  COST_ALERT_THRESHOLD: { name: 'monthly', per: 'month' },
} as const;

/** Percentages for every budget that does not set its own. */
export const PERCENT_VARIABLES = {
  warn: 'BUDGET_WARNING_PERCENT',
  critical: 'BUDGET_CRITICAL_PERCENT',
} as const;

export function environmentBudgets(
  env: Variables,
  percents: BudgetPercents,
  warnings: string[],
): Budget[] {
  const budgets: Budget[] = [];
  for (const [variable, { name, per }] of Object.entries(BUDGET_VARIABLES)) {
    const text = env[variable];
    if (text === undefined || text === '') continue;
    const limitNanoUsd = parseAmount(text);
    if (limitNanoUsd === null) {
      warnings.push(ignored(variable, text, AMOUNT_FAULT));
      continue;
    }
    budgets.push({
      name,
      limitNanoUsd,
      per,
      scope: WHOLE_SCOPE,
      warnPercent: percents.warn,
      criticalPercent: percents.critical,
      action: DEFAULT_ACTION,
      isFailClosed: false,
      origin: 'environment',
    });
  }
  return budgets;
}

export function environmentPercents(env: Variables, warnings: string[]): BudgetPercents {
  const percents = {
    warn: percentIn(env, PERCENT_VARIABLES.warn, warnings),
    critical: percentIn(env, PERCENT_VARIABLES.critical, warnings),
  };
  const warn = percents.warn ?? Math.min(DEFAULT_PERCENTS.warn, percents.critical ?? 100);
  const critical = percents.critical ?? Math.max(DEFAULT_PERCENTS.critical, warn);
  if (warn <= critical) return { warn, critical };
  warnings.push(
    ignored(PERCENT_VARIABLES.warn, String(warn), `is above ${PERCENT_VARIABLES.critical}`),
  );
  return { warn: Math.min(DEFAULT_PERCENTS.warn, critical), critical };
}

function percentIn(env: Variables, variable: string, warnings: string[]): number | null {
  const text = env[variable];
  if (text === undefined || text === '') return null;
  const percent = /^\d{1,3}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (isPercent(percent)) return percent;
  warnings.push(ignored(variable, text, PERCENT_FAULT));
  return null;
}

function ignored(variable: string, text: string, fault: string): string {
  return `environment: ${variable}=${JSON.stringify(text.slice(0, 80))} ${fault}; ignored`;
}
