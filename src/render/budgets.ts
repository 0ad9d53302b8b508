import { clientTitle } from '../core/client/names.ts';
import { type ZoneOffset, timeLabel } from '../core/time/period.ts';
import { printable } from '../core/lang/printable.ts';
import type { BudgetHistoryEvent, BudgetJson, BudgetStatusJson } from '../reports/budgets.ts';
import { folderName, localTime, percent } from './text/cells.ts';
import { formatExactUsd, formatUsd, plural } from './text/number-format.ts';
import type { Style } from './text/style.ts';
import { type TextColumn, renderSheet, renderTable } from './text/table.ts';
import { wrapText } from './text/wrap.ts';

export const NO_BUDGETS =
  'There are no budgets. Set one: tallyhook budget set NAME --limit 20 --per day';

const BAR = 10;
const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });

/** One row per budget, with notes below. */
export function renderBudgetStatus(
  statuses: readonly BudgetStatusJson[],
  nowMs: number,
  offset: ZoneOffset,
  style: Style,
): string {
  if (statuses.length === 0) return NO_BUDGETS;
  const columns: TextColumn[] = [
    { title: 'Budget', align: 'left', cut: 'middle' },
    { title: 'Scope', align: 'left', cut: 'middle', dispensable: 2 },
    { ...left('Per'), dispensable: 1 },
    right('Spent'),
    right('Limit'),
    { ...right('Left'), dispensable: 3 },
    { title: 'Share', align: 'left', cut: 'bar', paint: style.cyan },
    { ...left('Level'), paint: (text) => (text.startsWith('fine') ? text : style.yellow(text)) },
  ];
  const rows = statuses.map((status) => [
    status.name,
    scopeText(status),
    status.per,
    status.spentNanoUsd === null ? '' : formatUsd(status.spentNanoUsd),
    formatUsd(status.limitNanoUsd),
    leftText(status),
    status.share === null ? '' : shareBar(status.share, style),
    status.level ?? `no ${status.per} yet`,
  ]);
  const notes = statuses.flatMap((status) => formatBudgetNotes(status, nowMs, offset));
  const lines = notes.flatMap((note) => wrapText(printable(note), style.columns));
  const table = renderSheet({ columns, rows, last: null }, style);
  return lines.length === 0 ? table : `${table}\n\n${lines.map(style.dim).join('\n')}`;
}

/** What is left of the limit; negative where more is spent than the limit, which the JSON shows as 0. */
function leftText({ remainingNanoUsd, spentNanoUsd, limitNanoUsd }: BudgetStatusJson): string {
  if (remainingNanoUsd === null) return '';
  return formatUsd(spentNanoUsd === null ? remainingNanoUsd : limitNanoUsd - spentNanoUsd);
}

/** The percentage, and a bar that is full at the limit. */
function shareBar(share: number, style: Style): string {
  const length = Math.max(0, Math.min(BAR, Math.floor(share * BAR)));
  const [full, empty] = style.isUnicode ? ['█', '░'] : ['#', '.'];
  return `${percent(share).padStart(6)} ${full.repeat(length)}${empty.repeat(BAR - length)}`;
}

function formatBudgetNotes(status: BudgetStatusJson, nowMs: number, offset: ZoneOffset): string[] {
  const { name, allowedNanoUsd, unattributedNanoUsd, crossesAt } = status;
  const notes: string[] = [];
  if (crossesAt !== null) {
    notes.push(
      `${name}: at this rate you reach the limit ${momentText(Date.parse(crossesAt), nowMs, offset)}`,
    );
  }
  if (allowedNanoUsd > 0) {
    notes.push(`${name}: the limit includes an allowance of ${formatExactUsd(allowedNanoUsd)}`);
  }
  if (unattributedNanoUsd !== null && unattributedNanoUsd > 0) {
    const amount = formatExactUsd(unattributedNanoUsd);
    notes.push(`${name}: ${amount} of the spend is reported by Claude Code but in no transcript`);
  }
  if (status.isBlockedByUnpriced) {
    notes.push(
      `${name}: counted as over because the cost of a request is not known (budget.unpriced is block)`,
    );
  }
  if (status.unpricedRequests !== null && status.unpricedRequests > 0) {
    const count = plural(status.unpricedRequests, 'request');
    notes.push(
      `${name}: leaves out ${count} whose cost is not known; see tallyhook pricing unknown`,
    );
  }
  return notes;
}

/** `today at 14:00`, `on 2026-11-19 at 14:00`. */
function momentText(atMs: number, nowMs: number, offset: ZoneOffset): string {
  const [day, clock = ''] = localTime(atMs, offset).split(' ');
  const isToday = day === timeLabel('day', nowMs, offset);
  return `${isToday ? 'today' : `on ${day}`} at ${clock.slice(0, 5)}`;
}

const SCOPE_NAMES: Record<string, (value: string) => string> = {
  project: folderName,
  client: clientTitle,
};

/** Which requests count: `all spend`, `project shop, tool Bash`. */
export function scopeText({ scope }: Pick<BudgetJson, 'scope'>): string {
  const parts = Object.entries(scope).map(([fact, value]) => {
    const name = fact === 'agentType' ? 'agent type' : fact;
    return `${name} ${SCOPE_NAMES[fact]?.(value) ?? value}`;
  });
  return parts.length === 0 ? 'all spend' : parts.join(', ');
}

export function renderBudgetList(budgets: readonly BudgetJson[], style: Style): string {
  if (budgets.length === 0) return NO_BUDGETS;
  const columns: TextColumn[] = [
    { title: 'Budget', align: 'left', cut: 'middle' },
    right('Limit'),
    left('Per'),
    { title: 'Scope', align: 'left', cut: 'middle' },
    { ...left('Warns at'), dispensable: 3 },
    left('At limit'),
    { ...left('Set by'), dispensable: 2 },
  ];
  const rows = budgets.map((budget) => [
    budget.name,
    formatUsd(budget.limitNanoUsd),
    budget.per,
    scopeText(budget),
    `${budget.warnPercent}%, ${budget.criticalPercent}%`,
    `${budget.action}${budget.failClosed ? ', fails closed' : ''}`,
    ORIGINS[budget.origin],
  ]);
  return renderTable(columns, rows, null, style);
}

const ORIGINS: Record<BudgetJson['origin'], string> = {
  command: 'budget set',
  environment: 'environment',
  settings: 'settings',
  project: "project's file",
};

/** What happens when a budget's limit is reached. */
export function actionText({ action }: Pick<BudgetJson, 'action'>): string {
  switch (action) {
    case 'observe':
      return 'At the limit nothing happens; tallyhook budget shows it.';
    case 'warn':
      return 'At the limit you are notified; nothing is stopped.';
    case 'ask':
      return 'Beyond the limit, each tool call asks you first.';
    case 'stop':
      return 'At the limit, the turn ends and further prompts are refused.';
  }
}

export function renderBudgetHistory(
  events: readonly BudgetHistoryEvent[],
  offset: ZoneOffset,
  style: Style,
): string {
  if (events.length === 0) return 'No allowances and no notified crossings.';
  const columns: TextColumn[] = [
    left('When'),
    { title: 'Budget', align: 'left', cut: 'middle' },
    left('What'),
    { title: 'Window', align: 'left', cut: 'end', least: 8, dispensable: 1 },
  ];
  const rows = events.map((event) => [
    localTime(Date.parse(event.at), offset).slice(0, 16),
    event.budget,
    whatText(event, offset),
    event.windowKey ?? '',
  ]);
  return renderTable(columns, rows, null, style);
}

function whatText(event: BudgetHistoryEvent, offset: ZoneOffset): string {
  const { amountNanoUsd, expiresAt, level, spentNanoUsd, limitNanoUsd } = event;
  if (amountNanoUsd !== null) {
    const until =
      expiresAt === null ? '' : `, until ${localTime(Date.parse(expiresAt), offset).slice(0, 16)}`;
    return `${formatUsd(amountNanoUsd)} allowed${until}`;
  }
  return `${level}: ${formatUsd(spentNanoUsd ?? 0)} of ${formatUsd(limitNanoUsd ?? 0)}`;
}

/** One line: `daily: $21.30 of $20.00 spent (day 2026-11-21)`. */
export function overText(status: BudgetStatusJson): string {
  const { name, per, window, spentNanoUsd, limitNanoUsd } = status;
  const where = `${per}${window === null || per === 'total' ? '' : ` ${window.key}`}`;
  const what = `${formatUsd(spentNanoUsd ?? 0)} of ${formatUsd(limitNanoUsd)} spent`;
  const why = status.isBlockedByUnpriced ? ', and a request without a known cost' : '';
  return printable(`${name}: ${what}${why} (${where})`);
}
