import { describe, expect, test } from 'vitest';
import type { AlertDraft } from '../../src/core/alert/alert.ts';
import { parseQuietHours, quietUntil } from '../../src/core/alert/quiet-hours.ts';
import { zoneOffset } from '../../src/core/time/period.ts';
import { deliverDue } from '../../src/alerts/deliver.ts';
import { runSender } from '../../src/alerts/sender.ts';
import { readSettings } from '../../src/sources/settings/file.ts';
import { openLedger } from '../../src/store/connection/open.ts';
import { channelEnv, draft, outbox, queueAlerts, queueDrafts, until } from '../helpers/alerts.ts';
import { startSender } from '../helpers/program/alerts.ts';
import { type Home, temporaryHome, writeSettings } from '../helpers/home.ts';
import { type Receiver, httpReceiver, uniqueIds } from '../helpers/receivers.ts';
import { cliBeside } from '../helpers/program/registry.ts';

const NIGHT = Date.UTC(2026, 10, 21, 23, 30);
const MORNING = Date.UTC(2026, 10, 22, 7, 0);
const HOUR_MS = 3_600_000;

/** A pass of a sender at some time. */
async function deliverAt(home: Home, receiver: Receiver, nowMs: number): Promise<void> {
  const env = { ...home.env, ...channelEnv('webhook', receiver) };
  const db = openLedger(home.ledger, { busyTimeoutMs: 5000 });
  try {
    const signal = new AbortController().signal;
    const times = { now: () => nowMs, timeoutMs: 2000, firstWaitMs: 2000 };
    await deliverDue({ db, env, settings: readSettings(env), signal, ...times });
  } finally {
    db.close();
  }
}

function reasons({ arrivals }: Receiver): string[] {
  return arrivals.map(({ body }) => (JSON.parse(body) as { reason: string }).reason);
}

const critical: Partial<AlertDraft> = { level: 'critical', reason: 'critical' };

describe('quiet hours', () => {
  test.each([
    ['nothing', [], ['one', 'critical', 'three']],
    ['critical', ['critical'], ['critical', 'one', 'three']],
  ])('with %s passing', async (quietPass, atNight, inTheMorning) => {
    const [home, receiver] = [temporaryHome(), await httpReceiver()];
    writeSettings(home, { timezone: 'UTC', alerts: { quietHours: '22:00-07:00', quietPass } });
    queueDrafts(
      home.ledger,
      draft(1, { reason: 'one' }),
      draft(2, critical),
      draft(3, { reason: 'three' }),
    );
    await deliverAt(home, receiver, NIGHT);
    await deliverAt(home, receiver, MORNING - 1);
    expect(reasons(receiver)).toEqual(atNight);
    await deliverAt(home, receiver, MORNING);
    expect(reasons(receiver)).toEqual(inTheMorning);
  });

  test.each([
    ['22:00-07:00', 'UTC', '2026-11-21T22:00:00Z', '2026-11-22T07:00:00.000Z'],
    ['22:00-07:00', 'UTC', '2026-11-21T21:59:59Z', null],
    ['22:00-07:00', 'UTC', '2026-11-22T07:00:00Z', null],
    ['12:30-13:15', 'UTC', '2026-11-22T13:14:59.999Z', '2026-11-22T13:15:00.000Z'],
    ['12:30-13:15', 'UTC', '2026-11-22T00:00:00Z', null],
    ['22:00-07:00', 'Asia/Kolkata', '2026-11-22T01:00:30Z', '2026-11-22T01:30:00.000Z'],
    ['0:00-24:00', 'UTC', '2026-11-22T01:00:30Z', null],
  ])('%s in %s at %s end at %s', (text, zone, at, ends) => {
    const hours = parseQuietHours(text);
    const offset = zoneOffset(zone);
    const untilMs = hours && offset && quietUntil(hours, Date.parse(at), offset);
    expect(untilMs === null ? null : new Date(untilMs).toISOString()).toBe(ends);
  });
});

describe('a receiver that never takes one', () => {
  test('is given up after a day and 20 tries, and the next one gets through', async () => {
    const [home, receiver] = [temporaryHome(), await httpReceiver()];
    const ids = queueAlerts(home.ledger, 'webhook', 2);
    receiver.onArrival = ({ id }) => receiver.be(id === ids[0] ? 'fails' : 'none');
    let nowMs = NIGHT;
    for (let tries = 1; tries <= 30; tries++) {
      await deliverAt(home, receiver, nowMs);
      nowMs += HOUR_MS;
    }
    const [first, second] = outbox(home);
    // The first 13 waits are shorter than an hour, all others are one.
    expect(first).toMatchObject({ state: 'failed', error: 'HTTP status 500' });
    expect(first?.attempts).toBeGreaterThanOrEqual(20);
    expect(second).toMatchObject({ state: 'sent', attempts: 1 });
    expect(uniqueIds(receiver)).toEqual(ids);
    const { stdout } = await cliBeside(home, ['alerts'], channelEnv('webhook', receiver));
    expect(stdout).toContain('webhook failed');
  });

  test('is tried ever less often, and what came in behind it as rarely', async () => {
    const [home, receiver] = [temporaryHome(), await httpReceiver()];
    await receiver.be('fails');
    queueAlerts(home.ledger, 'webhook', 1);
    for (let second = 0; second < 60; second++) {
      if (second === 5) queueDrafts(home.ledger, draft(9));
      await deliverAt(home, receiver, NIGHT + second * 1000);
    }
    // At 0, 2, 6, 14 and 30 s.
    expect(receiver.arrivals).toHaveLength(5);
    expect(uniqueIds(receiver)).toHaveLength(1);
  });
});

test('only the levels that a channel is set to go out by it', async () => {
  const [home, receiver] = [temporaryHome(), await httpReceiver()];
  const { channelsFor } = await import('../../src/core/alert/alert.ts');
  const env = { ...home.env, ...channelEnv('webhook', receiver), TALLYHOOK_SLACK_URL: 'http://x' };
  writeSettings(home, {
    alerts: { level: 'warning', levels: { webhook: 'critical', slack: 'info' } },
  });
  const { alerts } = readSettings(env);
  expect(channelsFor(alerts, 'info')).toEqual(['slack']);
  expect(channelsFor(alerts, 'warning')).toEqual(['slack']);
  expect(channelsFor(alerts, 'critical')).toEqual(['webhook', 'slack']);
});

describe('runSender', () => {
  test('stops when it is told to, and lets the next one work', async () => {
    const [home, receiver] = [temporaryHome(), await httpReceiver()];
    const env = { ...home.env, ...channelEnv('webhook', receiver) };
    const stop = new AbortController();
    const running = runSender(stop.signal, { env, ledgerPath: home.ledger });
    queueAlerts(home.ledger, 'webhook', 2);
    await until(() => receiver.arrivals.length === 2, 'it sends what comes in');
    // While it runs another one finds nothing to do, and says so by ending.
    await expect(startSender(home, env).ended).resolves.toEqual([0, null]);
    stop.abort();
    await running;
    queueDrafts(home.ledger, draft(7));
    await startSender(home, env).ended;
    expect(uniqueIds(receiver)).toHaveLength(3);
  });

  test('alerts send has the one that runs try at once what waits', async () => {
    const [home, receiver] = [temporaryHome(), await httpReceiver()];
    const env = { ...home.env, ...channelEnv('webhook', receiver) };
    await receiver.be('fails');
    queueAlerts(home.ledger, 'webhook', 1);
    const stop = new AbortController();
    const options = { env, ledgerPath: home.ledger, firstWaitMs: HOUR_MS };
    const running = runSender(stop.signal, options);
    await until(() => outbox(home)[0]?.attempts === 1, 'it has failed once');
    await receiver.be('none');
    const run = await cliBeside(home, ['alerts', 'send'], channelEnv('webhook', receiver));
    expect(run).toMatchObject({ status: 0, stdout: 'webhook: 1 sent\n', stderr: '' });
    stop.abort();
    await running;
  });
});
