import type { Argv, CommandModule } from 'yargs';
import { ALERT_CHANNELS, ALERT_LEVELS } from '../../core/alert/alert.ts';
import type { AlertsFlags } from './list.ts';
import type { SendFlags, TestFlags } from './send.ts';
import { json } from '../budget/shared.ts';
import { ledgerFlags } from '../session/ledger.ts';
import { filterFlags } from '../flags/filters.ts';

const { timezone } = filterFlags;

export const alertsCommand: CommandModule<object, never> = {
  builder: (yargs) =>
    yargs
      .command(
        ['list', '$0'],
        'What there was, the newest first, and how it was delivered',
        (args: Argv<object>) =>
          args.options({
            level: {
              choices: ALERT_LEVELS,
              describe: 'Of this level and above',
              requiresArg: true,
            },
            open: { type: 'boolean', default: false, describe: 'Those not acknowledged' },
            limit: { type: 'number', default: 50, describe: 'At most so many', requiresArg: true },
            timezone,
            json,
            ...ledgerFlags,
          }),
        async (flags) => (await import('./list.ts')).listAlerts(flags as AlertsFlags),
      )
      .command(
        'ack [numbers..]',
        'Mark alerts as seen; what waits of them is not sent any more',
        (args: Argv<object>) =>
          args
            .positional('numbers', { type: 'string', describe: 'The numbers that alerts shows' })
            .options({
              all: { type: 'boolean', default: false, describe: 'All that there are' },
              json,
            }),
        async (flags) => (await import('./list.ts')).acknowledge(flags as never),
      )
      .command(
        'send',
        'Look for alerts, and send everything that waits, now',
        (args: Argv<object>) =>
          args.options({
            detached: { type: 'boolean', default: false, hidden: true },
            // Until its input ends: the server's own.
            stay: { type: 'boolean', default: false, hidden: true },
            json,
            ...ledgerFlags,
          }),
        async (flags) => (await import('./send.ts')).sendAlerts(flags as SendFlags),
      )
      .command(
        'test <channel>',
        'Send one alert that is none, to see whether it arrives',
        (args: Argv<object>) =>
          args
            .positional('channel', {
              choices: ALERT_CHANNELS,
              demandOption: true,
              describe: 'Which way',
            })
            .options({ json }),
        async (flags) => (await import('./send.ts')).testChannel(flags as TestFlags),
      ) as never,
  handler: () => {},
};
