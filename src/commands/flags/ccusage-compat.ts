import { UserError } from '../../core/lang/user-error.ts';
import type { FlagValues } from '../define.ts';
import { lastValue } from './last-value.ts';

/** Flags that users of ccusage type out of habit: taken where they ask for what is so anyway. */
export const ccusageFlags = {
  offline: { type: 'boolean', alias: 'O', hidden: true },
  mode: { type: 'string', alias: 'm', hidden: true, coerce: lastValue<string>, requiresArg: true },
  jq: { type: 'string', alias: 'q', hidden: true, coerce: lastValue<string>, requiresArg: true },
  'start-of-week': {
    type: 'string',
    alias: 'w',
    hidden: true,
    coerce: lastValue<string>,
    requiresArg: true,
  },
} as const;

export type CcusageFlags = FlagValues<typeof ccusageFlags>;

/** @throws UserError naming the flag that can't be honoured, and what to do instead */
export function rejectUnsupportedFlags({ mode, jq, startOfWeek }: CcusageFlags): void {
  if (mode !== undefined && mode !== 'auto' && mode !== 'calculate') {
    throw new UserError(
      `--mode ${mode}: costs are always computed from tokens`,
      "summary --session ID shows how far the client's own total is from them.",
    );
  }
  if (jq !== undefined) {
    throw new UserError(
      '--jq: JSON is not filtered here',
      'Use a pipe: tallyhook ... --json | jq.',
    );
  }
  if (startOfWeek !== undefined && startOfWeek !== 'monday') {
    throw new UserError(
      `--start-of-week ${startOfWeek}: weeks are those of ISO 8601, from Monday on`,
      'Try daily with --since and --until.',
    );
  }
}
