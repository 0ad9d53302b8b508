import { defineCommand } from './define.ts';
import { lastValue } from './flags/last-value.ts';
import { reportFlags } from './flags/report.ts';
import { runSummary } from './summary.ts';

/** All sessions, the latest last; with `--id` one of them at its end. */
export const sessionsCommand = defineCommand({
  flags: {
    ...reportFlags,
    id: {
      type: 'string',
      alias: 'i',
      coerce: lastValue<string>,
      describe: 'One session at its end, as summary --session shows it',
      requiresArg: true,
    },
  },
  handler: (args) =>
    args.id === undefined
      ? runSummary(args, ['session'], true)
      : runSummary({ ...args, session: args.id }, []),
});
