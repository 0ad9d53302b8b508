import { defineGroup, lazyCommand } from '../define.ts';

export const budgetCommand = defineGroup([
  lazyCommand(
    ['status [name]', '$0'],
    'What is spent of each budget, and what is left',
    async () => (await import('./status.ts')).budgetStatusCommand,
  ),
  lazyCommand(
    'check [name]',
    'Exit 1 where a budget is over, that of the last session included',
    async () => (await import('./status.ts')).budgetCheckCommand,
  ),
  lazyCommand(
    'list',
    'The budgets that count here, and who set them',
    async () => (await import('./status.ts')).budgetListCommand,
  ),
  lazyCommand(
    'set <name>',
    'Set a budget, or set it anew',
    async () => (await import('./set.ts')).budgetSetCommand,
  ),
  lazyCommand(
    'remove <name>',
    'Remove a budget',
    async () => (await import('./remove.ts')).budgetRemoveCommand,
  ),
  lazyCommand(
    'allow <name> <amount>',
    'Raise a budget by an amount: for now, or for a time',
    async () => (await import('./allow.ts')).budgetAllowCommand,
  ),
  lazyCommand(
    'history [name]',
    'What was allowed on top, and which crossings were told, the newest first',
    async () => (await import('./status.ts')).budgetHistoryCommand,
  ),
]);
