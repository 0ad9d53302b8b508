import { UserError } from '../../core/lang/user-error.ts';
import type { FlagValues } from '../define.ts';
import { lastValue } from './last-value.ts';

/** Flags that ccusage users type out of habit, accepted where they ask for what tallyhook does anyway. */
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

/** @throws UserError that names the unsupported flag and the alternative */
export function rejectUnsupportedFlags({ mode, jq, startOfWeek }: CcusageFlags): void {
  if (mode !== undefined && mode !== 'auto' && mode !== 'calculate') {
    throw new UserError(
      `--mode ${mode}: costs are always computed from tokens`,
      "tallyhook coverage compares them with Claude Code's own totals.",
    );
  }
  if (jq !== undefined) {
    throw new UserError(
      '--jq is not supported',
      'Pipe the JSON into jq: tallyhook ... --json | jq.',
    );
  }
  if (startOfWeek !== undefined && startOfWeek !== 'monday') {
    throw new UserError(
      `--start-of-week ${startOfWeek}: weeks are ISO 8601 weeks, which start on Monday`,
      'Use tallyhook daily with --since and --until for any other range.',
    );
  }
}
