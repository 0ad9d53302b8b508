import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { killSenders, machine, outbox, until } from '../helpers/alerts.ts';
import { cli } from '../helpers/e2e-home.ts';
import { ask } from '../helpers/e2e-hook-budgets.ts';
import { settingsFile } from '../helpers/e2e-settings.ts';
import { cliBeside } from '../helpers/registry.ts';

describe('secrets', () => {
  const SECRET = 'hunter2-do-not-tell';

  test('are in no output, no log, not in the ledger and not in what fails', async () => {
    const { home, receiver } = await machine();
    const url = `http://127.0.0.1:${receiver.port}/${SECRET}`;
    Object.assign(home.env, { TALLYHOOK_WEBHOOK_URL: '' });
    const set = cli(home, ['config', 'set', 'alerts.webhookUrl', url]);
    const said = [set, cli(home, ['config', 'set', 'alerts.smtpPassword', SECRET])];
    await receiver.be('fails');
    ask(home, 'Stop');
    await until(() => (outbox(home)[0]?.attempts ?? 0) > 0, 'a sender has tried');
    for (const line of [
      'config show',
      'config show --json',
      'config get alerts.webhookUrl',
      'alerts',
      'alerts --json',
      'alerts send',
      'alerts test webhook',
      'config set alerts.slackUrl hunter2-do-not-tell',
    ]) {
      said.push(await cliBeside(home, line.split(' ')));
    }
    expect(JSON.stringify(said)).not.toContain(SECRET);
    expect(said[2]?.stdout).toContain(`http://127.0.0.1:${receiver.port}/********`);
    killSenders(home);
    const files = execFileSync('grep', ['-rlaF', SECRET, home.folder], { encoding: 'utf8' });
    expect(files.trim()).toBe(settingsFile(home));
  });

  test('in a file that others can read are not used, and that is said', async () => {
    const { home, receiver } = await machine();
    const { port } = receiver;
    Object.assign(home.env, { TALLYHOOK_WEBHOOK_URL: '' });
    cli(home, ['config', 'set', 'alerts.webhookUrl', `http://127.0.0.1:${port}/${SECRET}`]);
    chmodSync(settingsFile(home), 0o640);
    const { status, stdout } = await cliBeside(home, ['alerts', 'send']);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: `webhook: others can read the secrets in ${settingsFile(home)}: chmod 600 ${settingsFile(home)}; 1 waiting\n`,
    });
    expect(receiver.arrivals).toEqual([]);
    chmodSync(settingsFile(home), 0o600);
    expect(await cliBeside(home, ['alerts', 'send'])).toMatchObject({
      status: 0,
      stdout: 'webhook: 1 sent\n',
    });
  });
});
