import type { Argv, CommandModule } from 'yargs';
import type { BudgetAllowFlags } from './allow.ts';
import { json } from './shared.ts';
import type { BudgetSetFlags } from './set.ts';
import type { BudgetStatusFlags } from './status.ts';
import { ledgerFlags } from '../session/ledger.ts';
import { filterFlags } from '../flags/filters.ts';
import { lastString } from '../flags/last-value.ts';

const text = (describe: string) =>
  ({ type: 'string', coerce: lastString, describe, requiresArg: true }) as const;
const name = { type: 'string', describe: 'The name of a budget' } as const;
const named = { type: 'string', demandOption: true, describe: 'The name of the budget' } as const;
const session = text('The session: its id, the start of it, or "last" (default: this one)');
const { timezone } = filterFlags;

export const budgetCommand: CommandModule<object, never> = {
  builder: (yargs) =>
    yargs
      .command(
        ['status [name]', '$0'],
        'What is spent of each budget, and what is left',
        (args: Argv<object>) =>
          args.positional('name', name).options({ session, timezone, json, ...ledgerFlags }),
        async (flags) =>
          (await import('./status.ts')).showBudgets(flags as unknown as BudgetStatusFlags),
      )
      .command(
        'check [name]',
        'Exit 1 where a budget is over, that of the last session included',
        (args: Argv<object>) =>
          args.positional('name', name).options({ session, timezone, json, ...ledgerFlags }),
        async (flags) =>
          (await import('./status.ts')).checkBudgets(flags as unknown as BudgetStatusFlags),
      )
      .command(
        'list',
        'The budgets that count here, and who set them',
        (args: Argv<object>) => args.options({ json }),
        async (flags) => (await import('./status.ts')).listBudgets(flags),
      )
      .command(
        'set <name>',
        'Set a budget, or set it anew',
        (args: Argv<object>) =>
          args.positional('name', named).options({
            limit: { ...text('USD'), demandOption: true },
            per: { ...text('session, prompt, day, week, month or total'), demandOption: true },
            project: text('Of one project: its folder, "." for this one, or its name'),
            branch: text('Of one git branch'),
            model: text('Of one model'),
            'agent-type': text('Of one type of subagent'),
            tool: text('Of requests whose first tool call was this'),
            provider: text('Of one provider'),
            client: text('Of one client'),
            warn: text('Percent of the limit that warns (default 80)'),
            critical: text('Percent that warns again (default 95)'),
            action: text('At the limit: observe, warn (default), ask or stop'),
            'fail-closed': {
              type: 'boolean',
              default: false,
              describe: 'Where the spend is not known, act as if the budget were spent',
            },
            timezone,
            json,
            ...ledgerFlags,
          }),
        async (flags) => (await import('./set.ts')).setBudget(flags as unknown as BudgetSetFlags),
      )
      .command(
        'remove <name>',
        'Remove a budget',
        (args: Argv<object>) => args.positional('name', named).options({ json }),
        async (flags) => (await import('./set.ts')).removeBudget(flags),
      )
      .command(
        'allow <name> <amount>',
        'Raise a budget by an amount: for now, or for a time',
        (args: Argv<object>) =>
          args
            .positional('name', named)
            .positional('amount', { type: 'string', demandOption: true, describe: 'USD' })
            .options({
              for: text('For so long (30m, 2h, 1d) instead of in the current window'),
              session,
              timezone,
              json,
              ...ledgerFlags,
            }),
        async (flags) =>
          (await import('./allow.ts')).allowBudget(flags as unknown as BudgetAllowFlags),
      )
      .command(
        'history [name]',
        'What was allowed on top, and which crossings were told, the newest first',
        (args: Argv<object>) => args.positional('name', name).options({ timezone, json }),
        async (flags) => (await import('./status.ts')).showHistory(flags),
      ) as never,
  handler: () => {},
};
