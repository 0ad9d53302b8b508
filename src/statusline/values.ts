import type { ClientStatus, RateLimits } from '../core/client/status.ts';
import { formatCount, formatUsd } from '../render/text/number-format.ts';
import type { Spent } from '../store/client/status.ts';
import type { ShownBudget } from './budget.ts';
import { countColumns, cutToColumns } from './glyphs.ts';
import { type ValueName, oneLine } from './template.ts';

/** The data that the line is made of; null means unknown. */
export interface StatusFacts {
  status: ClientStatus;
  session: Spent | null;
  today: Spent | null;
  /** Cost per hour at the session's pace. */
  hourly: Spent | null;
  budget: ShownBudget | null;
  project: string | null;
  branch: string | null;
}

/** A value as it is shown. */
export interface Value {
  /** `isAlarming`: close to its limit. */
  pieces: { text: string; isAlarming: boolean }[];
  /** A dollar amount. For a subscriber it is not a bill, and is labelled accordingly. */
  isMoney: boolean;
}

/** Percentage of a limit from which a value is highlighted. */
const ALARMING_PERCENT = 80;
/** In columns of the terminal. */
const LONGEST_NAME = 40;

/** The values that are known. */
export function buildValues(facts: StatusFacts): Partial<Record<ValueName, Value>> {
  const { status, session, today, hourly, budget, project, branch } = facts;
  const { contextUsedPercent, limits } = status;
  const values: Record<ValueName, Value | null> = {
    model: nameValue(status.modelName),
    session: moneyValue(session, ''),
    today: moneyValue(today, ''),
    rate: moneyValue(hourly, '/h'),
    context: contextUsedPercent === null ? null : shareValue('', contextUsedPercent),
    budget: budget === null ? null : budgetValue(budget),
    limits: limits === null ? null : limitsValue(limits),
    project: nameValue(project),
    branch: nameValue(branch),
    lines: linesValue(status),
  };
  const present = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(present) as Partial<Record<ValueName, Value>>;
}

function plain(text: string): Value {
  return { pieces: [{ text, isAlarming: false }], isMoney: false };
}

/** `~` and `?` as in every report: priced as another model, and some requests without a price. */
function moneyValue(spent: Spent | null, unit: string): Value | null {
  if (spent === null) return null;
  const { nanoUsd, isEstimated, isPartial } = spent;
  const text = `${isEstimated ? '~' : ''}${formatUsd(nanoUsd)}${isPartial ? '?' : ''}${unit}`;
  return { pieces: [{ text, isAlarming: false }], isMoney: true };
}

function nameValue(name: string | null): Value | null {
  const text = oneLine(name ?? '')
    .replace(/ +/g, ' ')
    .trim();
  if (text === '') return null;
  const isShort = countColumns(text) <= LONGEST_NAME;
  return plain(isShort ? text : `${cutToColumns(text, LONGEST_NAME - 1)}…`);
}

function limitsValue({ fiveHour, sevenDay }: RateLimits): Value | null {
  const windows = [
    fiveHour === null ? null : shareValue('5h ', fiveHour.usedPercent),
    sevenDay === null ? null : shareValue('7d ', sevenDay.usedPercent),
  ].filter((value) => value !== null);
  const gap = { text: ' ', isAlarming: false };
  const pieces = windows.flatMap((value, index) => (index > 0 ? [gap] : []).concat(value.pieces));
  return pieces.length === 0 ? null : { pieces, isMoney: false };
}

/** The name comes from the user or from a repository. */
function budgetValue({ name, usedPercent, warnPercent }: ShownBudget): Value {
  return shareValue(`${oneLine(name)} `, usedPercent, warnPercent);
}

/** The rounded percentage of something that is used up. */
function shareValue(name: string, used: number, alarmingFrom = ALARMING_PERCENT): Value {
  const percent = used > 99 && used < 100 ? 99 : Math.round(used);
  const isAlarming = used >= alarmingFrom || percent >= alarmingFrom;
  return { pieces: [{ text: `${name}${percent}%`, isAlarming }], isMoney: false };
}

function linesValue({ linesAdded, linesRemoved }: ClientStatus): Value | null {
  if (linesAdded === null || linesRemoved === null) return null;
  return plain(`+${formatCount(linesAdded)} -${formatCount(linesRemoved)}`);
}
