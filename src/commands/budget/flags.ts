import { textFlag } from '../flags/text.ts';

/** The session whose spend is checked. */
export const budgetSession = textFlag(
  'The session: its id, the start of its id, or "last" (default: this one)',
);

/** An optional budget. */
export const anyName = { name: { type: 'string', describe: 'The name of a budget' } } as const;

/** A required budget. */
export const oneName = {
  name: { type: 'string', demandOption: true, describe: 'The name of the budget' },
} as const;
