import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { killSenders, machine } from '../../helpers/program/alerts.ts';
import { outbox, until } from '../../helpers/alerts.ts';
import { cli, cliFile } from '../../helpers/program/run.ts';
import { temporaryHome } from '../../helpers/home.ts';
import { ask } from '../../helpers/program/hook-budgets.ts';
import { givenSettings, settingsFile } from '../../helpers/program/settings.ts';
import { cliBeside } from '../../helpers/program/registry.ts';

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

  test('are read from stdin, into a file that nobody else can read', () => {
    const home = temporaryHome();
    const path = givenSettings(home, '{"timezone": "UTC"}');
    chmodSync(path, 0o644);
    const said = execFileSync(
      process.execPath,
      [cliFile, 'config', 'set', 'alerts.ntfyToken', '-'],
      {
        env: home.env,
        input: `${SECRET}\n`,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    expect(said).toBe(`Set alerts.ntfyToken to ******** in ${path}\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      timezone: 'UTC',
      alerts: { ntfyToken: SECRET },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("in a project's file do not count, and are not shown", () => {
    const home = temporaryHome();
    const alerts = { webhookUrl: `http://127.0.0.1:9/${SECRET}`, desktop: true };
    writeFileSync(join(home.folder, '.tallyhook.json'), JSON.stringify({ alerts }));
    const shown = cli(home, ['config', 'show']);
    expect(shown.stdout).toContain('alerts.webhookUrl: a project cannot set it; ignored');
    expect(shown.stdout).toMatch(/^alerts\.webhookUrl +none {2}\(default\)$/m);
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(cli(home, ['alerts', 'test', 'webhook'])).toMatchObject({ status: 2 });
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
