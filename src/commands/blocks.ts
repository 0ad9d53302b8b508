import { UserError } from '../core/lang/user-error.ts';
import { defineCommand } from './define.ts';

/** For users of ccusage: why it is not here, whatever flags come with it. */
export const blocksCommand = defineCommand({
  configure: (parser) => parser.strict(false),
  handler: () => {
    throw new UserError(
      'blocks: five-hour blocks no longer exist on every plan',
      'Try tallyhook summary --by hour --last 24h.',
    );
  },
});
