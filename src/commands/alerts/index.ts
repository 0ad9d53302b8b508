import { defineGroup, lazyCommand } from '../define.ts';

export const alertsCommand = defineGroup([
  lazyCommand(
    ['list', '$0'],
    'What there was, the newest first, and how it was delivered',
    async () => (await import('./list.ts')).alertListCommand,
  ),
  lazyCommand(
    'ack [numbers..]',
    'Mark alerts as seen; what waits of them is not sent any more',
    async () => (await import('./list.ts')).alertAckCommand,
  ),
  lazyCommand(
    'send',
    'Look for alerts, and send everything that waits, now',
    async () => (await import('./send.ts')).alertSendCommand,
  ),
  lazyCommand(
    'test <channel>',
    'Send one alert that is none, to see whether it arrives',
    async () => (await import('./send.ts')).alertTestCommand,
  ),
]);
