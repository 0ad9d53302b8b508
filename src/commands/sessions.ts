import type { CommandModule } from 'yargs';
import { lastString } from './flags/last-value.ts';
import { type ReportFlags, reportFlags } from './flags/report.ts';
import { runSummary } from './summary.ts';

interface SessionsFlags extends ReportFlags {
  id?: string | undefined;
}

/** All sessions, the latest last; with `--id` one of them at its end. */
export const sessionsCommand: CommandModule<object, SessionsFlags> = {
  builder: (yargs) =>
    yargs.options({
      ...reportFlags,
      id: {
        type: 'string',
        alias: 'i',
        coerce: lastString,
        describe: 'One session at its end, as summary --session shows it',
        requiresArg: true,
      },
    }),
  handler: (args) =>
    args.id === undefined
      ? runSummary(args, ['session'], true)
      : runSummary({ ...args, session: args.id }, []),
};
