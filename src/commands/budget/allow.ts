import { DAY_MS } from '../../core/time/units.ts';
import { AMOUNT_FAULT, parseAmount } from '../../core/budget/spec.ts';
import { parseDuration } from '../../core/time/period.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { overText } from '../../render/budgets.ts';
import { localTime } from '../../render/text/cells.ts';
import { formatUsd } from '../../render/text/number-format.ts';
import { budgetStatuses } from '../../reports/budgets.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { budgetAllow } from '../../schemas/budgets.ts';
import { BudgetWriter } from '../../store/budgets/writer.ts';
import {
  budgetNamed,
  currentBudgets,
  requireWritableLedger,
  budgetTarget,
  statesAt,
} from './shared.ts';
import { quoted } from './set.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { textFlag } from '../flags/text.ts';
import { budgetSession, oneName } from './flags.ts';
import { printLine } from '../session/io.ts';
import { ledgerFlags, openReader } from '../session/ledger.ts';
import { filterFlags, parseZone } from '../flags/filters.ts';
import { printDocument } from '../session/document.ts';

const positionals = {
  ...oneName,
  amount: { type: 'string', demandOption: true, describe: 'Amount in USD' },
} as const;

const allowFlags = {
  for: textFlag('For this long (30m, 2h, 1d) instead of in the current window'),
  session: budgetSession,
  timezone: filterFlags.timezone,
  json,
  ...ledgerFlags,
} as const;

export const budgetAllowCommand = defineCommand({
  positionals,
  flags: allowFlags,
  examples: [
    ['tallyhook budget allow daily 5', 'Allow 5 USD more today'],
    ['tallyhook budget allow daily 5 --for 2h', 'Allow 5 USD more for two hours'],
  ],
  handler: allowBudget,
});

/** Raises a budget in its current window, or for a time. */
async function allowBudget(
  flags: FlagValues<typeof positionals & typeof allowFlags>,
): Promise<void> {
  const nowMs = Date.now();
  const { offset } = parseZone(flags);
  const amountNanoUsd = parseAmount(flags.amount);
  if (amountNanoUsd === null) throw new UserError(`${quoted(flags.amount)} ${AMOUNT_FAULT}`);
  const durationMs = flags.for === undefined ? null : parseAllowanceDuration(flags.for);
  const { db, reader } = openReader(flags);
  requireWritableLedger(db);
  const budget = budgetNamed(currentBudgets(db).budgets, flags.name);
  const place = await budgetTarget(db, reader, flags.session);
  const [state] = statesAt(db, [budget], place, nowMs, offset);
  // With --for the raise may outlast the window (a day, a prompt). A session's budget is always raised
  // for that session only.
  const isOfWindow = durationMs === null || budget.per === 'session';
  if (isOfWindow && state === undefined) {
    throw new UserError(
      `${budget.name} is a budget per ${budget.per}, and no ${budget.per} has started here yet`,
      budget.per === 'session' ? 'Name a session with --session.' : 'Add a duration: --for 2h.',
    );
  }
  const windowKey = isOfWindow ? (state?.window.key ?? null) : null;
  const expiresAtMs = durationMs === null ? null : nowMs + durationMs;
  const draft = { budget: budget.name, amountNanoUsd, windowKey, grantedAtMs: nowMs, expiresAtMs };
  new BudgetWriter(db).allow(draft);
  const statuses = budgetStatuses([budget], statesAt(db, [budget], place, nowMs, offset), nowMs);
  const [status] = statuses;
  if (flags.json) {
    const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs).toISOString();
    const allowance = { budget: budget.name, amountNanoUsd, windowKey, expiresAt };
    printDocument<DocumentOf<typeof budgetAllow>>({ allowance, budgets: statuses });
    return;
  }
  const until =
    expiresAtMs === null
      ? ` in this ${budget.per === 'total' ? 'ledger' : budget.per}`
      : ` until ${localTime(expiresAtMs, offset).slice(0, 16)}`;
  printLine(`${budget.name} raised by ${formatUsd(amountNanoUsd)}${until}`);
  if (status?.level != null) {
    printLine(`${overText(status)}${status.level === 'over' ? ': still over' : ''}`);
  }
}

/** At most a year: a raise without an end is a new limit. */
function parseAllowanceDuration(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs !== null && durationMs > 0 && durationMs <= 366 * DAY_MS) return durationMs;
  throw new UserError(
    `--for: ${quoted(text)} is not a duration of at most a year`,
    'Use e.g. 30m, 2h or 1d.',
  );
}
