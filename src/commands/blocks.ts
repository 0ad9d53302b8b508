import { UserError } from '../core/lang/user-error.ts';
import { defineCommand } from './define.ts';

/** Tells ccusage users what to use instead of its `blocks`, whatever flags they pass. */
export const blocksCommand = defineCommand({
  configure: (parser) => parser.strict(false),
  handler: () => {
    throw new UserError(
      'blocks is not supported',
      'The status line shows the 5-hour limit of your plan; tallyhook summary --by hour --last 24h shows recent hours.',
    );
  },
});
