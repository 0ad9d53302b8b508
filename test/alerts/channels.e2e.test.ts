import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { ALERT_CHANNELS } from '../../src/core/alert/alert.ts';
import { SCHEMAS } from '../../src/schemas/index.ts';
import { channelEnv, draft, outbox, queueAlerts, queueDrafts } from '../helpers/alerts.ts';
import { type Home, query, temporaryHome } from '../helpers/home.ts';
import { type Receiver, httpReceiver, smtpReceiver } from '../helpers/receivers.ts';
import { cliBeside } from '../helpers/program/registry.ts';

async function sent(home: Home, env: Record<string, string>): Promise<string> {
  const { status, stdout, stderr } = await cliBeside(home, ['alerts', 'send'], env);
  expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: '' });
  return stdout;
}

function address({ port }: Receiver, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}

describe('a webhook', () => {
  test.each(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'a text of my own'])(
    'is signed so that others can check it: %s',
    async (secret) => {
      const [home, receiver] = [temporaryHome(), await httpReceiver()];
      const [id = ''] = queueAlerts(home.ledger, 'webhook', 1);
      const env = { ...channelEnv('webhook', receiver), TALLYHOOK_WEBHOOK_SECRET: secret };
      expect(await sent(home, env)).toBe('webhook: 1 sent\n');
      const [arrival] = receiver.arrivals;
      const base64 = secret.startsWith('whsec_') ? secret : Buffer.from(secret).toString('base64');
      const headers = arrival?.headers as Record<string, string>;
      const document = new Webhook(base64).verify(arrival?.body ?? '', headers);
      expect(SCHEMAS['alert']?.schema.safeParse(document).success).toBe(true);
      expect(document).toMatchObject({ id, type: 'alert', number: 1, amountNanoUsd: 16e9 });
      expect(headers).toMatchObject({ 'webhook-id': id, 'idempotency-key': id });
      const changed = (arrival?.body ?? '').replace('16', '17');
      expect(() => new Webhook(base64).verify(changed, headers)).toThrow('signature');
    },
  );

  test('without a secret is not signed', async () => {
    const [home, receiver] = [temporaryHome(), await httpReceiver()];
    queueAlerts(home.ledger, 'webhook', 1);
    await sent(home, channelEnv('webhook', receiver));
    expect(receiver.arrivals[0]?.headers).not.toHaveProperty('webhook-signature');
  });
});

test('Slack gets a text in which nothing is markup that was not meant', async () => {
  const [home, receiver] = [temporaryHome(), await httpReceiver()];
  queueDrafts(home.ledger, draft(1, { channels: ['slack'], reason: 'a <b> & c' }));
  await sent(home, { TALLYHOOK_SLACK_URL: address(receiver, '/services/T0/B0/x') });
  expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toEqual({
    text: '*tallyhook warning: budget daily*\na &lt;b&gt; &amp; c\nsession s1',
  });
});

test('ntfy gets it for its topic, with its priority and its token', async () => {
  const [home, receiver] = [temporaryHome(), await httpReceiver()];
  queueDrafts(home.ledger, draft(1, { channels: ['ntfy'], level: 'critical' }));
  const url = address(receiver, '/below/my%20topic');
  await sent(home, { TALLYHOOK_NTFY_URL: url, TALLYHOOK_NTFY_TOKEN: 'tk_1' });
  const [arrival] = receiver.arrivals;
  expect(JSON.parse(arrival?.body ?? '')).toMatchObject({
    topic: 'my topic',
    title: 'tallyhook critical: budget daily',
    message: 'budget daily: 80% spent, $16.00 of $20.00 today (1)\nsession s1',
    priority: 5,
    sequence_id: arrival?.id,
  });
  expect(arrival?.headers).toMatchObject({ authorization: 'Bearer tk_1' });
});

test('an address that is none is a channel that fails, as any other', async () => {
  const home = temporaryHome();
  queueDrafts(home.ledger, draft(1, { channels: ['ntfy'] }));
  const env = { TALLYHOOK_NTFY_URL: 'http://[secret-topic' };
  const run = await cliBeside(home, ['alerts', 'send'], env);
  expect(run).toMatchObject({ status: 1, stdout: 'ntfy: Invalid URL; 1 waiting\n', stderr: '' });
  expect(outbox(home)).toMatchObject([{ state: 'pending', attempts: 1 }]);
  const test = await cliBeside(home, ['alerts', 'test', 'ntfy'], env);
  expect(test).toMatchObject({ status: 1, stdout: 'ntfy: Invalid URL\n', stderr: '' });
});

test('a receiver that asks to be left alone is, for as long as it says', async () => {
  const [home, receiver] = [temporaryHome(), await httpReceiver()];
  await receiver.be('asks for 90 s');
  queueAlerts(home.ledger, 'webhook', 1);
  const before = Date.now();
  await cliBeside(home, ['alerts', 'send'], channelEnv('webhook', receiver));
  const [row] = query<{ at: number }>(
    home.ledger,
    'SELECT not_before_ms AS at FROM notification_outbox',
  );
  expect(row?.at).toBeGreaterThanOrEqual(before + 90_000);
  expect(row?.at).toBeLessThanOrEqual(Date.now() + 90_000);
});

describe('e-mail', () => {
  test('goes to all, signed in, with the id of the alert', async () => {
    const [home, receiver] = [temporaryHome(), await smtpReceiver()];
    const [id] = queueAlerts(home.ledger, 'email', 1);
    await sent(home, {
      ...channelEnv('email', receiver),
      SMTP_USERNAME: 'me',
      SMTP_PASSWORD: 'sesame',
      ALERT_TO_EMAILS: 'you@example.com, Other <other@example.com>',
    });
    const { body = '' } = receiver.arrivals[0] ?? {};
    expect(body).toContain(`Message-ID: <${id}@tallyhook.invalid>`);
    expect(body).toContain(`X-Tallyhook-Alert: ${id}`);
    expect(body).toContain('To: you@example.com, Other <other@example.com>');
    expect(body).toContain('tallyhook alerts ack 1');
    expect(body.replaceAll(/\r\n\s/g, ' ')).toContain(
      'Subject: tallyhook warning: budget daily, budget daily: 80% spent, $16.00 of $20.00 today (0)',
    );
  });

  test('that one of several addresses is refused is noted, and nobody has it twice', async () => {
    const [home, receiver] = [temporaryHome(), await smtpReceiver()];
    queueAlerts(home.ledger, 'email', 1);
    const to = { ALERT_TO_EMAILS: 'you@example.com,nobody@example.com' };
    await sent(home, { ...channelEnv('email', receiver), ...to });
    expect(receiver.arrivals).toHaveLength(1);
    expect(outbox(home)).toMatchObject([{ state: 'sent', error: 'refused for 1 of 2 addresses' }]);
  });

  test('a server that repeats the password does not bring it into the ledger', async () => {
    const [home, receiver] = [temporaryHome(), await smtpReceiver()];
    queueAlerts(home.ledger, 'email', 1);
    const env = { SMTP_USERNAME: 'me', SMTP_PASSWORD: 'not-sesame' };
    const run = await cliBeside(home, ['alerts', 'send'], {
      ...channelEnv('email', receiver),
      ...env,
    });
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toContain('no entry with ********');
    expect(outbox(home)[0]?.error).toContain('no entry with ********');
  });
});

describe.skipIf(process.platform !== 'linux')('the desktop', () => {
  test('is told by notify-send, with texts that are arguments and no options', async () => {
    const home = temporaryHome();
    const said = join(home.folder, 'said');
    const program = join(home.folder, 'notify-send');
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${said}\n`);
    chmodSync(program, 0o755);
    queueDrafts(home.ledger, draft(1, { channels: ['desktop'], reason: '--help <b> $(id)' }));
    const env = { PATH: `${home.folder}:${process.env['PATH']}` };
    expect(await cliBeside(home, ['config', 'set', 'alerts.desktop', 'true'])).toMatchObject({
      status: 0,
    });
    expect(await sent(home, env)).toBe('desktop: 1 sent\n');
    expect(readFileSync(said, 'utf8').split('\n')).toEqual([
      '--app-name=tallyhook',
      '--urgency=normal',
      '--',
      'tallyhook warning: budget daily',
      '--help &lt;b> $(id)',
      'session s1',
      '',
    ]);
  });

  test('that has no such program is said to have none', async () => {
    const home = temporaryHome();
    queueAlerts(home.ledger, 'desktop', 1);
    await cliBeside(home, ['config', 'set', 'alerts.desktop', 'true']);
    const run = await cliBeside(home, ['alerts', 'send'], { PATH: home.folder });
    expect(run).toMatchObject({
      status: 1,
      stdout: 'desktop: notify-send is not installed; 1 waiting\n',
    });
  });
});

describe('alerts test', () => {
  test.each(ALERT_CHANNELS)('%s says how it is set up, where it is not', async (channel) => {
    const home = temporaryHome();
    const run = await cliBeside(home, ['alerts', 'test', channel]);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain(`${channel} is not set up: `);
  });

  test.each(['webhook', 'email'] as const)('%s arrives, or says why not', async (channel) => {
    const home = temporaryHome();
    const receiver = await { webhook: httpReceiver, email: smtpReceiver }[channel]();
    const env = channelEnv(channel, receiver);
    const test = ['alerts', 'test', channel];
    expect(await cliBeside(home, test, env)).toMatchObject({
      status: 0,
      stdout: `${channel}: sent\n`,
    });
    expect(receiver.arrivals).toHaveLength(1);
    await receiver.be('fails');
    expect(await cliBeside(home, test, env)).toMatchObject({ status: 1, stderr: '' });
    // It is no alert.
    expect(query(home.ledger, 'SELECT * FROM alerts')).toEqual([]);
  });
});
