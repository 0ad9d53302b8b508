import { expect } from 'vitest';
import { runSender } from '../../src/alerts/sender.ts';
import { channelEnv, outbox, queueAlerts, until } from '../helpers/alerts.ts';
import { temporaryHome } from '../helpers/home.ts';
import { type Trouble, httpReceiver, smtpReceiver, uniqueIds } from '../helpers/receivers.ts';

const RECEIVERS = { webhook: httpReceiver, email: smtpReceiver };

export const TROUBLES: Trouble[] = ['refuses', 'hangs', 'breaks half-way', 'breaks after', 'fails'];

/**
 * A receiver gets into trouble and comes back. The channels have files of their own: most of the time is
 * spent waiting for what hangs, which they do beside each other.
 */
export async function expectComeback(
  channel: 'webhook' | 'email',
  trouble: Trouble,
): Promise<void> {
  const home = temporaryHome();
  const receiver = await RECEIVERS[channel]();
  await receiver.be(trouble);
  const ids = queueAlerts(home.ledger, channel, 5);
  const stop = new AbortController();
  const running = runSender(stop.signal, {
    env: { ...home.env, ...channelEnv(channel, receiver) },
    ledgerPath: home.ledger,
    // Long enough for a busy machine: what hangs takes twice as long.
    timeoutMs: trouble === 'hangs' ? 2000 : 4000,
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
}
