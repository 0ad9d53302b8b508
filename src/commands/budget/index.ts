import { defineGroup, lazyCommand } from '../define.ts';

export const budgetCommand = defineGroup([
  lazyCommand(
    ['status [name]', '$0'],
    'Show what is spent and what is left of each budget',
    async () => (await import('./status.ts')).budgetStatusCommand,
  ),
  lazyCommand(
    'check [name]',
    "Exit 1 if any budget is exceeded, including the last session's",
    async () => (await import('./status.ts')).budgetCheckCommand,
  ),
  lazyCommand(
    'list',
    'List the budgets that apply here, and where they are set',
    async () => (await import('./status.ts')).budgetListCommand,
  ),
  lazyCommand(
    'set <name>',
    'Set or replace a budget',
    async () => (await import('./set.ts')).budgetSetCommand,
  ),
  lazyCommand(
    'remove <name>',
    'Remove a budget',
    async () => (await import('./remove.ts')).budgetRemoveCommand,
  ),
  lazyCommand(
    'allow <name> <amount>',
    'Raise a budget by an amount, for its current window or for a time',
    async () => (await import('./allow.ts')).budgetAllowCommand,
  ),
  lazyCommand(
    'history [name]',
    'Show allowances and notified crossings, the newest first',
    async () => (await import('./status.ts')).budgetHistoryCommand,
  ),
]);
