import { expect, test } from 'vitest';
import { runSender } from '../../src/alerts/sender.ts';
import { channelEnv, draft, outbox, queueAlerts, queueDrafts, until } from '../helpers/alerts.ts';
import { temporaryHome } from '../helpers/home.ts';
import { httpReceiver, smtpReceiver } from '../helpers/receivers.ts';
import { TROUBLES, expectComeback } from './comeback.ts';

test.each(TROUBLES)(
  'a webhook that %s and comes back has each alert once, in order',
  async (trouble) => {
    await expectComeback('webhook', trouble);
  },
);

test('a channel that hangs keeps no other from being sent', async () => {
  const home = temporaryHome();
  const [slow, quick] = [await smtpReceiver(), await httpReceiver()];
  await slow.be('hangs');
  queueAlerts(home.ledger, 'email', 2);
  queueDrafts(home.ledger, draft(8), draft(9));
  const stop = new AbortController();
  const env = { ...home.env, ...channelEnv('email', slow), ...channelEnv('webhook', quick) };
  const running = runSender(stop.signal, { env, ledgerPath: home.ledger, timeoutMs: 3000 });
  const states = (): string =>
    outbox(home)
      .map(({ state }) => state)
      .join(' ');
  await until(() => states() === 'pending pending sent sent', 'the webhook has both');
  expect(quick.arrivals).toHaveLength(2);
  stop.abort();
  await running;
});
