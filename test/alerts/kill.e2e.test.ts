import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { channelEnv, outbox, queueAlerts, until } from '../helpers/alerts.ts';
import { startSender } from '../helpers/program/alerts.ts';
import { temporaryHome } from '../helpers/home.ts';
import { httpReceiver, smtpReceiver, uniqueIds } from '../helpers/receivers.ts';

const RECEIVERS = { webhook: httpReceiver, email: smtpReceiver };
const CHANNELS = ['webhook', 'email'] as const;

describe('a sender is ended by kill -9', () => {
  test.each(CHANNELS)(
    '%s: after it was taken and before that was kept, it comes again under its id',
    async (channel) => {
      const home = temporaryHome();
      const receiver = await RECEIVERS[channel]();
      const env = channelEnv(channel, receiver);
      const ids = queueAlerts(home.ledger, channel, 3);
      const first = startSender(home, env);
      receiver.onArrival = async () => {
        first.kill();
        await first.ended;
      };
      await first.ended;
      await until(() => receiver.arrivals.length === 1, 'the first one has arrived');
      receiver.onArrival = () => undefined;
      await startSender(home, env).ended;
      expect(receiver.arrivals.map(({ id }) => id)).toEqual([ids[0], ...ids]);
      expect(uniqueIds(receiver)).toEqual(ids);
      const [once, again] = receiver.arrivals;
      const text = (body = ''): string => body.replaceAll(/^Date: .*$/gm, '');
      expect(text(again?.body)).toBe(text(once?.body));
    },
  );

  test.each(CHANNELS)(
    '%s: at any moment, time and again',
    async (channel) => {
      const home = temporaryHome();
      const receiver = await RECEIVERS[channel]();
      const env = channelEnv(channel, receiver);
      const ids = queueAlerts(home.ledger, channel, 30);
      receiver.onArrival = () => sleep(15);
      let kills = 0;
      while (outbox(home).some(({ state }) => state === 'pending')) {
        const sender = startSender(home, env);
        const timer = setTimeout(() => sender.kill(), 200 + kills * 50);
        const [, signal] = await sender.ended;
        clearTimeout(timer);
        if (signal === 'SIGKILL') kills += 1;
      }
      expect(kills).toBeGreaterThan(1);
      expect(uniqueIds(receiver)).toEqual(ids);
      // One at most is under way when a sender dies.
      const twice = receiver.arrivals.length - ids.length;
      expect(twice).toBeLessThanOrEqual(kills);
      console.log(`${channel}: ${ids.length} alerts, ${kills} kills, ${twice} came twice`);
    },
    240_000,
  );
});

test('ten senders at once send each alert once', async () => {
  const home = temporaryHome();
  const receiver = await httpReceiver();
  receiver.onArrival = () => sleep(10);
  const ids = queueAlerts(home.ledger, 'webhook', 20);
  const senders = Array.from({ length: 10 }, () =>
    startSender(home, channelEnv('webhook', receiver)),
  );
  const ends = await Promise.all(senders.map(({ ended }) => ended));
  expect(ends.map(([code]) => code)).toEqual(senders.map(() => 0));
  expect(receiver.arrivals.map(({ id }) => id)).toEqual(ids);
  expect(existsSync(home.log)).toBe(false);
});
