import { describe, expect, test } from 'vitest';
import { runSender } from '../../src/alerts/sender.ts';
import { channelEnv, draft, outbox, queueAlerts, queueDrafts, until } from '../helpers/alerts.ts';
import { temporaryHome } from '../helpers/home.ts';
import { type Trouble, httpReceiver, smtpReceiver, uniqueIds } from '../helpers/receivers.ts';

const RECEIVERS = { webhook: httpReceiver, email: smtpReceiver };
const TROUBLES: Trouble[] = ['refuses', 'hangs', 'breaks half-way', 'breaks after', 'fails'];
const CASES = (['webhook', 'email'] as const).flatMap((channel) =>
  TROUBLES.map((trouble) => ({ channel, trouble })),
);

describe('a receiver in trouble comes back: each alert has arrived once, in order', () => {
  test.each(CASES)('$channel $trouble', async ({ channel, trouble }) => {
    const home = temporaryHome();
    const receiver = await RECEIVERS[channel]();
    await receiver.be(trouble);
    const ids = queueAlerts(home.ledger, channel, 5);
    const stop = new AbortController();
    const running = runSender(stop.signal, {
      env: { ...home.env, ...channelEnv(channel, receiver) },
      ledgerPath: home.ledger,
      // Long enough for a busy machine: what hangs takes twice as long.
      timeoutMs: 4000,
      firstWaitMs: 100,
    });
    await until(() => outbox(home).some(({ attempts }) => attempts >= 2), 'two attempts');
    // The first one blocks those behind it: nobody has seen them.
    expect(outbox(home).map(({ attempts }) => Math.min(attempts, 2))).toEqual([2, 0, 0, 0, 0]);
    const seenInTrouble = receiver.arrivals.length;
    expect(uniqueIds(receiver)).toEqual(seenInTrouble === 0 ? [] : [ids[0]]);
    await receiver.be('none');
    await until(() => outbox(home).every(({ state }) => state === 'sent'), 'all are sent');
    stop.abort();
    await running;
    expect(uniqueIds(receiver)).toEqual(ids);
    const taken = receiver.arrivals.filter(({ isTaken }) => isTaken).map(({ id }) => id);
    expect(taken).toEqual(ids);
    // What the receiver had as a whole before is the same alert under the same id.
    const isSeenWhole = trouble === 'hangs' || trouble === 'breaks after' || trouble === 'fails';
    expect(seenInTrouble > 0).toBe(isSeenWhole);
  });
});

test('a channel that hangs keeps no other from being sent', async () => {
  const home = temporaryHome();
  const [slow, quick] = [await smtpReceiver(), await httpReceiver()];
  await slow.be('hangs');
  queueAlerts(home.ledger, 'email', 2);
  queueDrafts(home.ledger, draft(8), draft(9));
  const stop = new AbortController();
  const env = { ...home.env, ...channelEnv('email', slow), ...channelEnv('webhook', quick) };
  const running = runSender(stop.signal, { env, ledgerPath: home.ledger, timeoutMs: 3000 });
  await until(() => quick.arrivals.length === 2, 'the webhook has both');
  expect(outbox(home).map(({ state }) => state)).toEqual(['pending', 'pending', 'sent', 'sent']);
  stop.abort();
  await running;
});
