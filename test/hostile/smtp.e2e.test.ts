import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SMTPServer } from 'smtp-server';
import { needsTls } from '../../src/alerts/channels/mail-tls.ts';
import { channelEnv, outbox, queueAlerts } from '../helpers/alerts.ts';
import { temporaryHome } from '../helpers/home.ts';
import { smtpReceiver } from '../helpers/receivers.ts';
import { cliBeside } from '../helpers/program/registry.ts';

/** This machine by a name that does not say so. */
const ELSEWHERE = '2130706433';
const USER = { SMTP_USERNAME: 'me', SMTP_PASSWORD: 'sesame' };

test.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '::1',
  '[::1]',
  '0:0:0:0:0:0:0:1',
  '::ffff:127.0.0.1',
])('%s is this machine', (host) => {
  expect(needsTls(host)).toBe(false);
});

test.each([
  'mail.example.com',
  'localhost.evil.com',
  'evil-localhost',
  'notlocalhost',
  'localhost..',
  '127.0.0.1.evil.com',
  '127.1.evil',
  '127.0.0.1.',
  '127.0.0.256',
  '127.evil.com',
  'evil.127.0.0.1',
  '1270.0.0.1',
  '128.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '::',
  '::2',
  '[::1].evil.com',
  '[::1',
  '::1%eth0.evil.com',
  '::ffff:10.0.0.1',
  'localhost\n.evil.com',
  'evil.com\nlocalhost',
  '',
  ELSEWHERE,
])('%j may be another machine: TLS or nothing', (host) => {
  expect(needsTls(host)).toBe(true);
});

describe('a mail to another machine', () => {
  for (const user of [{}, USER]) {
    const who = 'SMTP_USERNAME' in user ? 'with a user name' : 'without a user name';

    test(`${who} is not sent where the server offers no TLS`, async () => {
      const [home, receiver] = [temporaryHome(), await smtpReceiver()];
      queueAlerts(home.ledger, 'email', 1);
      const env = { ...channelEnv('email', receiver), ...user, SMTP_HOST: ELSEWHERE };
      const run = await cliBeside(home, ['alerts', 'send'], env);
      expect(run).toMatchObject({ status: 1, stderr: '' });
      expect(run.stdout).toContain(
        `no TLS connection to ${ELSEWHERE}:${receiver.port}, so the mail was not`,
      );
      expect(receiver.arrivals).toEqual([]);
      expect(outbox(home)).toMatchObject([{ state: 'pending' }]);
    });

    test(`${who} is not sent where the offer is removed on the way`, async () => {
      const home = temporaryHome();
      const server = await smtpWithTls();
      const { port, heard } = await stripping(server.port);
      queueAlerts(home.ledger, 'email', 1);
      const receiver = { ...(await smtpReceiver()), port };
      const env = { ...channelEnv('email', receiver), ...user, SMTP_HOST: ELSEWHERE };
      const run = await cliBeside(home, ['alerts', 'send'], env);
      expect(run).toMatchObject({ status: 1, stderr: '' });
      expect(run.stdout).toContain(`no TLS connection to ${ELSEWHERE}:${port}`);
      expect(heard()).toContain('STARTTLS');
      expect(heard()).not.toMatch(/AUTH|MAIL FROM|RCPT|DATA|Subject/i);
      expect(server.mails()).toBe(0);
    });

    test(`${who} is not sent to a server that nobody vouches for`, async () => {
      const home = temporaryHome();
      const server = await smtpWithTls();
      queueAlerts(home.ledger, 'email', 1);
      const receiver = { ...(await smtpReceiver()), port: server.port };
      const env = { ...channelEnv('email', receiver), ...user, SMTP_HOST: ELSEWHERE };
      const run = await cliBeside(home, ['alerts', 'send'], env);
      expect(run).toMatchObject({ status: 1, stderr: '' });
      expect(run.stdout).toMatch(/certificate|self.signed/i);
      expect(server.mails()).toBe(0);
    });
  }
});

test.each(['127.0.0.1', 'localhost', '127.0.0.2'])(
  'a mail to this machine as %s needs no TLS',
  async (host) => {
    const [home, receiver] = [temporaryHome(), await smtpReceiver()];
    const proxy = await stripping(receiver.port, '0.0.0.0');
    queueAlerts(home.ledger, 'email', 1);
    const env = { ...channelEnv('email', { ...receiver, port: proxy.port }), SMTP_HOST: host };
    const run = await cliBeside(home, ['alerts', 'send'], env);
    expect(run).toMatchObject({ status: 0, stderr: '', stdout: 'email: 1 sent\n' });
    expect(receiver.arrivals).toHaveLength(1);
  },
);

/** A server that offers TLS with a certificate of its own making. */
async function smtpWithTls(): Promise<{ port: number; mails: () => number }> {
  let mails = 0;
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 10,
    disableReverseLookup: true,
    onAuth: (_auth, _session, done) => done(null, { user: 'me' }),
    onData: (stream, _session, done) => {
      mails++;
      stream.resume();
      stream.on('end', () => done());
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails: () => mails };
}

/** Somebody between: hands on what both say, but for the server's offer of TLS. */
async function stripping(to: number, address = '127.0.0.1') {
  let heard = '';
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(to, '127.0.0.1');
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => void [client, behind].map((one) => one.destroy()));
    }
    client.on('data', (data) => {
      heard += data.toString('latin1');
      if (/STARTTLS/i.test(data.toString('latin1'))) client.write('502 not implemented\r\n');
      else behind.write(data);
    });
    behind.on('data', (data) => {
      client.write(
        data.toString('latin1').replace(/(250[- ])STARTTLS\r\n/, '$1XXXXXXXX\r\n'),
        'latin1',
      );
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}
