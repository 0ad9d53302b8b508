import { createHash, createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { freePort } from '../helpers/free-port.ts';
import { Served, asPage, signIn } from '../helpers/program/server.ts';

const TOKEN = 'a-token-of-at-least-thirty-two-characters';

/** The server with a token of the user's own, which may be another server's too. */
function start(home: Home, port: number, token = TOKEN): Promise<Served> {
  const file = join(home.folder, 'token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return Served.start(home, ['--port', String(port), '--token-file', file]);
}

async function status(served: Served, headers: Record<string, string>): Promise<number> {
  return (await served.ask('/api/costs', { headers: { authorization: '', ...headers } })).status;
}

function valueOf(cookie: string): string {
  return cookie.slice(cookie.indexOf('=') + 1);
}

describe('the cookie of a browser', () => {
  test('holds no token, and opens nothing as one', async () => {
    const served = await Served.start(temporaryHome());
    const cookie = await signIn(served);
    expect(await status(served, { cookie })).toBe(200);
    const value = valueOf(cookie);
    const { token } = served;
    const readable = [value, decodeURIComponent(value), ...value.split('.')].flatMap((text) => [
      text,
      Buffer.from(text, 'base64url').toString('latin1'),
    ]);
    for (const text of readable) {
      for (const secret of [token, Buffer.from(token, 'base64url').toString('latin1')]) {
        expect(text).not.toContain(secret);
      }
    }
    // Found without a secret, anybody could make it.
    expect(readable).not.toContain(createHash('sha256').update(token).digest('base64url'));
    for (const bearer of [value, ...value.split('.')]) {
      expect(await status(served, { authorization: `Bearer ${bearer}` })).toBe(401);
      const event = { method: 'POST', body: '{}', headers: { authorization: `Bearer ${bearer}` } };
      expect((await served.ask('/hook', event)).status).toBe(401);
      expect(
        (await served.ask(`/?token=${bearer}`, { headers: { authorization: '' } })).status,
      ).toBe(401);
    }
  });

  test('no token is taken for one', async () => {
    const served = await Served.start(temporaryHome());
    const name = `tallyhook-${served.port}`;
    const { csrfToken } = await served.get<{ csrfToken: string }>('/api/csrf');
    const ingest = createHmac('sha256', served.token)
      .update('tallyhook ingest')
      .digest('base64url');
    const later = Math.floor(Date.now() / 1000) + 1000;
    for (const value of [served.token, csrfToken, ingest]) {
      for (const made of [value, `${later}.${value}`]) {
        expect(await status(served, { cookie: `${name}=${made}` })).toBe(401);
      }
    }
  });

  test('another time to its end, or any other byte, makes it worthless', async () => {
    const served = await Served.start(temporaryHome());
    const cookie = await signIn(served);
    const [name = '', value = ''] = cookie.split('=');
    const [expires = '', mac = ''] = value.split('.');
    for (const made of [
      `${Number(expires) + 1}.${mac}`,
      `0${expires}.${mac}x`,
      `${expires}.`,
      `.${mac}`,
      mac,
      `1.${mac}`,
      `NaN.${mac}`,
      `9e99.${mac}`,
      `${value}.${value}`,
    ]) {
      expect(await status(served, { cookie: `${name}=${made}` }), made).toBe(401);
    }
  });

  test('is none of another server: other port, other ledger, other token', async () => {
    const [home, other] = [temporaryHome(), temporaryHome()];
    const [port, second] = [await freePort(), await freePort()];
    const served = await start(home, port);
    const cookie = await signIn(served);
    const value = valueOf(cookie);
    const beside = await start(home, second);
    expect(await status(beside, { cookie })).toBe(401);
    expect(await status(beside, { cookie: `tallyhook-${second}=${value}` })).toBe(401);
    await served.end();
    const elsewhere = await start(other, port);
    expect(await status(elsewhere, { cookie })).toBe(401);
    await elsewhere.end();
    const changed = await start(home, port, `${TOKEN}-of-another-day`);
    expect(await status(changed, { cookie })).toBe(401);
    await changed.end();
    const again = await start(home, port);
    expect(await status(again, { cookie })).toBe(200);
  });

  test('changes nothing without the CSRF token', async () => {
    const served = await Served.start(temporaryHome());
    const headers = await asPage(served);
    const body = JSON.stringify({ name: 'daily', limit: 1, per: 'day' });
    const send = (more: Record<string, string>) =>
      served.ask('/api/costs/budgets', {
        method: 'POST',
        body,
        headers: { ...headers, ...more },
      });
    expect((await send({})).status).toBe(403);
    expect((await send({ 'x-csrf-token': valueOf(headers['cookie'] ?? '') })).status).toBe(403);
    const { csrfToken } = await served.get<{ csrfToken: string }>('/api/csrf');
    expect((await send({ 'x-csrf-token': csrfToken })).status).toBe(200);
  });
});
