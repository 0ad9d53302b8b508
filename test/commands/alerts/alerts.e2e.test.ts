import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { killSenders, machine, startSender } from '../../helpers/program/alerts.ts';
import { outbox, queueAlerts, until } from '../../helpers/alerts.ts';
import { noonZone } from '../../helpers/program/budgets.ts';
import { type Home, query, writeSettings } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { ask, askBeside, spend } from '../../helpers/program/hook-budgets.ts';
import { cliBeside } from '../../helpers/program/registry.ts';
import { uniqueIds } from '../../helpers/receivers.ts';

interface Kept {
  subject: string;
  step: string;
  isTold: number;
}

function kept(home: Home): Kept[] {
  return query(
    home.ledger,
    'SELECT subject, step, announced_at_ms IS NOT NULL AS isTold FROM alerts ORDER BY id',
  );
}

const WARNING = { subject: 'cap', step: 'warning', isTold: 1 };
const clock = fileURLToPath(new URL('../../helpers/shifted-clock.cjs', import.meta.url));

/** Has what runs with it live at another time. */
function shifted(hours: number): Record<string, string> {
  const shift = { TALLYHOOK_TEST_CLOCK_SHIFT_MS: String(hours * 3_600_000) };
  return hours === 0 ? {} : { NODE_OPTIONS: `--require ${clock}`, ...shift };
}

describe('a crossing', () => {
  test('is sent by a process that the hook starts, and told in the session', async () => {
    const { home, receiver } = await machine();
    const answer = ask(home, 'Stop') as { systemMessage: string };
    expect(answer.systemMessage).toContain('budget cap: 85% spent');
    await until(() => receiver.arrivals.length > 0, 'the alert arrives');
    await until(() => outbox(home)[0]?.state === 'sent', 'that is kept');
    expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toMatchObject({
      type: 'alert',
      kind: 'budget',
      level: 'warning',
      subject: 'cap',
      amountUsd: 0.85,
      limitUsd: 1,
      sessionId: 's1',
      reason: 'budget cap: 85% spent, $0.85 of $1.00 in this session',
    });
    expect(ask(home, 'Stop')).toBeNull();
    expect(kept(home)).toEqual([WARNING]);
  });

  test('of two hooks at once is one alert, told once and sent once', async () => {
    const { home, receiver } = await machine();
    const asked = await Promise.all(Array.from({ length: 6 }, () => askBeside(home, 'Stop')));
    expect(asked.filter(({ answer }) => answer !== null)).toHaveLength(1);
    await until(() => outbox(home)[0]?.state === 'sent', 'it is sent');
    // A sender that was late finds nothing.
    await startSender(home, {}).ended;
    expect(receiver.arrivals).toHaveLength(1);
    expect(kept(home)).toEqual([WARNING]);
  });

  test('is one alert over a restart between keeping and sending', async () => {
    const { home, receiver } = await machine();
    await receiver.be('refuses');
    const asked = await Promise.all([askBeside(home, 'Stop'), askBeside(home, 'Stop')]);
    expect(asked.filter(({ answer }) => answer !== null)).toHaveLength(1);
    await until(() => (outbox(home)[0]?.attempts ?? 0) > 0, 'a sender has tried');
    // Whatever ran is gone, as after a power cut; its lock goes with it.
    killSenders(home);
    await receiver.be('none');
    await askBeside(home, 'Stop');
    await startSender(home, {}).ended;
    await until(() => outbox(home)[0]?.state === 'sent', 'it is sent');
    expect(uniqueIds(receiver)).toHaveLength(1);
    expect(receiver.arrivals).toHaveLength(1);
    expect(kept(home)).toEqual([WARNING]);
  });

  test.each(['session', 'day', 'total'] as const)(
    'of a budget per %s is one alert where the clock goes back, and forth, and back',
    async (per) => {
      const { home, receiver } = await machine({ per });
      Object.assign(home.env, { TZ: noonZone() });
      const answers: unknown[] = [];
      for (const hours of [0, -3, 3, -3, 0, 48, 0, -2]) {
        Object.assign(home.env, { NODE_OPTIONS: '' }, shifted(hours));
        const both = await Promise.all([askBeside(home, 'Stop'), askBeside(home, 'Stop')]);
        answers.push(...both.map(({ answer }) => answer).filter((answer) => answer !== null));
        await startSender(home, {}).ended;
      }
      await until(() => outbox(home)[0]?.state === 'sent', 'it is sent');
      expect(answers).toHaveLength(1);
      expect(receiver.arrivals).toHaveLength(1);
      expect(kept(home)).toEqual([WARNING]);
    },
  );

  test('that was tried by a clock ahead is not held until that time comes', async () => {
    const { home, receiver } = await machine();
    await receiver.be('refuses');
    Object.assign(home.env, shifted(3));
    ask(home, 'Stop');
    await until(() => (outbox(home)[0]?.attempts ?? 0) > 0, 'a sender has tried');
    killSenders(home);
    await receiver.be('none');
    Object.assign(home.env, { NODE_OPTIONS: '' });
    await startSender(home, {}).ended;
    await until(() => outbox(home)[0]?.state === 'sent', 'it is sent');
    expect(receiver.arrivals).toHaveLength(1);
  });

  test('that a sender finds first is still told by the next hook, once', async () => {
    const { home, receiver } = await machine();
    expect(await cliBeside(home, ['alerts', 'send'])).toMatchObject({ status: 0, stderr: '' });
    expect(kept(home)).toEqual([{ ...WARNING, isTold: 0 }]);
    expect(ask(home, 'Stop')).toMatchObject({ systemMessage: expect.stringContaining('85%') });
    expect(ask(home, 'Stop')).toBeNull();
    expect(kept(home)).toEqual([WARNING]);
    expect(receiver.arrivals).toHaveLength(1);
  });

  test('of a budget that only observes is in the history, and goes nowhere', async () => {
    const { home, receiver } = await machine({ action: 'observe' });
    expect(ask(home, 'Stop')).toBeNull();
    expect((await cliBeside(home, ['alerts', 'send'])).status).toBe(0);
    expect(kept(home)).toEqual([WARNING]);
    expect(receiver.arrivals).toEqual([]);
  });
});

test('what a hook that was killed has left is sent by a process that the next one starts', async () => {
  const { home, receiver } = await machine();
  ask(home, 'Stop');
  await until(() => outbox(home)[0]?.state === 'sent', 'the first one is sent');
  const [, ...left] = queueAlerts(home.ledger, 'webhook', 3);
  ask(home, 'Stop');
  await until(() => receiver.arrivals.length === 4, 'they arrive');
  expect(uniqueIds(receiver).slice(1)).toEqual(left);
});

test('a percent of a budget that is an info is in the history, and not in the session', async () => {
  const { home, receiver } = await machine({ limitNanoUsd: 1_500_000_000 });
  writeSettings(home, { alerts: { budgetInfo: 50 } });
  expect(ask(home, 'Stop')).toBeNull();
  expect(kept(home)).toEqual([{ ...WARNING, step: 'info' }]);
  const { stdout } = cli(home, ['alerts']);
  expect(stdout).toContain('info\n     budget cap: 56% spent, $0.85 of $1.50 in this session');
  expect(cli(home, ['budget', 'history']).stdout).toContain('info: $0.85 of $1.50');
  expect(cli(home, ['budget', 'history', '--json']).status).toBe(0);
  expect(receiver.arrivals).toEqual([]);
});

test("a project's budget per session goes out by no channel: there could be any number", async () => {
  const { home, receiver } = await machine({ limitNanoUsd: 9_000_000_000 });
  const cwd = join(home.folder, 'repo');
  mkdirSync(join(cwd, '.git'), { recursive: true });
  const budgets = { theirs: { limit: 0.01, per: 'session' }, daily: { limit: 0.01, per: 'day' } };
  writeFileSync(join(cwd, '.tallyhook.json'), JSON.stringify({ budgets }));
  spend(home, 10, { cwd });
  ask(home, 'Stop', { cwd });
  expect(kept(home).map(({ subject }) => subject)).toEqual(['daily', 'theirs']);
  await until(() => outbox(home)[0]?.state === 'sent', 'the other one is sent');
  expect(outbox(home)).toHaveLength(1);
  expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toMatchObject({ subject: 'daily' });
});

test('a channel that fails is in `alerts`, and nowhere in the session', async () => {
  const { home, receiver } = await machine();
  await receiver.be('fails');
  expect(ask(home, 'Stop')).toMatchObject({ systemMessage: expect.stringContaining('85%') });
  await until(() => (outbox(home)[0]?.attempts ?? 0) > 0, 'a sender has tried');
  expect(ask(home, 'Stop')).toBeNull();
  const { stdout, stderr, status } = cli(home, ['alerts']);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toContain('webhook waiting');
  expect(stdout).toMatch(/! webhook: HTTP status 500 \(1 waiting, tried again at /);
  const sent = await cliBeside(home, ['alerts', 'send']);
  expect(sent).toMatchObject({ status: 1, stdout: 'webhook: HTTP status 500; 1 waiting\n' });
  await receiver.be('none');
  expect(await cliBeside(home, ['alerts', 'send'])).toMatchObject({ status: 0 });
  expect(cli(home, ['alerts']).stdout).not.toContain('!');
});

test('alerts ack drops what waits of an alert', async () => {
  const { home, receiver } = await machine();
  await receiver.be('fails');
  ask(home, 'Stop');
  await until(() => (outbox(home)[0]?.attempts ?? 0) > 0, 'a sender has tried');
  expect(cli(home, ['alerts', 'ack', '7'])).toMatchObject({
    status: 2,
    stderr: 'tallyhook: there is no alert 7\ntallyhook alerts lists the numbers.\n',
  });
  expect(cli(home, ['alerts', 'ack', '1']).stdout).toBe('acknowledged: 1\n');
  expect(cli(home, ['alerts', 'ack', '1']).stdout).toBe('No alerts were open.\n');
  expect(outbox(home)[0]?.state).toBe('cancelled');
  const { alerts } = JSON.parse(cli(home, ['alerts', '--open', '--json']).stdout) as {
    alerts: unknown[];
  };
  expect(alerts).toEqual([]);
});
