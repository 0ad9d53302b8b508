import type { ClientStatus, RateLimits } from '../core/client-status.ts';
import { formatCount, formatUsd } from '../render/format.ts';
import type { Spent } from '../store/status-ledger.ts';
import { type ValueName, oneLine } from './template.ts';

/** What the line is made of; null is what nobody knows. */
export interface StatusFacts {
  status: ClientStatus;
  session: Spent | null;
  today: Spent | null;
  /** An hour at the session's pace. */
  hourly: Spent | null;
  project: string | null;
  branch: string | null;
}

/** A value as it is shown. */
export interface Value {
  text: string;
  /** Dollars: of a subscriber they are no bill, and are said not to be. */
  isMoney: boolean;
  /** It runs out. */
  isAlarming: boolean;
}

/** Percent of a limit from which it stands out. */
const ALARMING_PERCENT = 80;
const LONGEST_NAME = 40;

/** Each value that is known. */
export function valuesOf(facts: StatusFacts): Partial<Record<ValueName, Value>> {
  const { status, session, today, hourly, project, branch } = facts;
  const { contextUsedPercent, limits } = status;
  const values: Record<ValueName, Value | null> = {
    model: nameValue(status.modelName),
    session: moneyValue(session, ''),
    today: moneyValue(today, ''),
    rate: moneyValue(hourly, '/h'),
    context:
      contextUsedPercent === null
        ? null
        : plain(percent(contextUsedPercent), contextUsedPercent >= ALARMING_PERCENT),
    limits: limits === null ? null : limitsValue(limits),
    project: nameValue(project),
    branch: nameValue(branch),
    lines: linesValue(status),
  };
  const known = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(known) as Partial<Record<ValueName, Value>>;
}

function plain(text: string, isAlarming = false): Value {
  return { text, isMoney: false, isAlarming };
}

/** `~` and `?` as in every report: at another model's price, and without some requests' price. */
function moneyValue(spent: Spent | null, unit: string): Value | null {
  if (spent === null) return null;
  const { nanoUsd, isEstimated, isPartial } = spent;
  const text = `${isEstimated ? '~' : ''}${formatUsd(nanoUsd)}${isPartial ? '?' : ''}${unit}`;
  return { text, isMoney: true, isAlarming: false };
}

function nameValue(name: string | null): Value | null {
  const text = [
    ...oneLine(name ?? '')
      .replace(/ +/g, ' ')
      .trim(),
  ];
  if (text.length === 0) return null;
  return plain(text.length <= LONGEST_NAME ? text.join('') : `${text.slice(0, 39).join('')}…`);
}

function limitsValue({ fiveHour, sevenDay }: RateLimits): Value | null {
  const windows = [
    ['5h', fiveHour?.usedPercent],
    ['7d', sevenDay?.usedPercent],
  ] as const;
  const known = windows.filter(([, used]) => used !== undefined);
  if (known.length === 0) return null;
  const text = known.map(([name, used]) => `${name} ${percent(used ?? 0)}`).join(' ');
  return plain(
    text,
    known.some(([, used]) => (used ?? 0) >= ALARMING_PERCENT),
  );
}

function linesValue({ linesAdded, linesRemoved }: ClientStatus): Value | null {
  if (linesAdded === null || linesRemoved === null) return null;
  return plain(`+${formatCount(linesAdded)} -${formatCount(linesRemoved)}`);
}

/** Rounded down at the end: a hundred is what is used up. */
function percent(value: number): string {
  return `${value > 99 && value < 100 ? 99 : Math.round(value)}%`;
}
