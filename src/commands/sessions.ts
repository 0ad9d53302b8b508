import { defineCommand } from './define.ts';
import { lastValue } from './flags/last-value.ts';
import { reportFlags } from './flags/report.ts';
import { runSummary } from './summary.ts';

/** All sessions, the latest last; with `--id`, the report of one session. */
export const sessionsCommand = defineCommand({
  flags: {
    ...reportFlags,
    id: {
      type: 'string',
      alias: 'i',
      coerce: lastValue<string>,
      describe: 'The report of one session, like summary --session',
      requiresArg: true,
    },
  },
  examples: [
    ['tallyhook sessions --last 7d', 'The sessions of the last week'],
    ['tallyhook sessions --id last', 'The report of the last session'],
  ],
  handler: (args) =>
    args.id === undefined
      ? runSummary(args, ['session'], true)
      : runSummary({ ...args, session: args.id }, []),
});
