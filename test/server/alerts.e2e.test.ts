import { expect, test } from 'vitest';
import { channelEnv, queueAlerts, until } from '../helpers/alerts.ts';
import { temporaryHome } from '../helpers/home.ts';
import { httpReceiver, uniqueIds } from '../helpers/receivers.ts';
import { Served } from '../helpers/program/server.ts';

test('a server sends what waits, and its sender ends with it', async () => {
  const [home, receiver] = [temporaryHome(), await httpReceiver()];
  const ids = queueAlerts(home.ledger, 'webhook', 3);
  const served = await Served.start(home, [], channelEnv('webhook', receiver));
  await until(() => receiver.arrivals.length >= 3, 'three alerts arrive');
  expect(uniqueIds(receiver)).toEqual(ids);
  const { status, stderr } = await served.end();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // Nobody is left that would send what comes now.
  queueAlerts(home.ledger, 'webhook', 4);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(receiver.arrivals.length).toBe(3);
});
