import { textFlag } from '../flags/text.ts';

/** The session whose spend counts. */
export const budgetSession = textFlag(
  'The session: its id, the start of it, or "last" (default: this one)',
);

/** The budget, where one may be named. */
export const anyName = { name: { type: 'string', describe: 'The name of a budget' } } as const;

/** The budget, where one must be. */
export const oneName = {
  name: { type: 'string', demandOption: true, describe: 'The name of the budget' },
} as const;
