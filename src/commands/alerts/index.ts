import { defineGroup, lazyCommand } from '../define.ts';

export const alertsCommand = defineGroup([
  lazyCommand(
    ['list', '$0'],
    'List alerts, the newest first, with their deliveries',
    async () => (await import('./list.ts')).alertListCommand,
  ),
  lazyCommand(
    'ack [numbers..]',
    'Mark alerts as seen; their pending deliveries are cancelled',
    async () => (await import('./list.ts')).alertAckCommand,
  ),
  lazyCommand(
    'send',
    'Find new alerts, and send everything pending now',
    async () => (await import('./send.ts')).alertSendCommand,
  ),
  lazyCommand(
    'test <channel>',
    'Send a test alert',
    async () => (await import('./send.ts')).alertTestCommand,
  ),
]);
