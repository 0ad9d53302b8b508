import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { AlertJson } from '../../../src/reports/alerts.ts';
import { type Home, temporaryHome, writeSettings } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';
import { cliBeside } from '../../helpers/program/registry.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Noon of some day; what runs here lives then. */
const NOW = Date.UTC(2026, 10, 20, 12);
const clock = fileURLToPath(new URL('../../helpers/shifted-clock.cjs', import.meta.url));

let serial = 0;

/** A request at so many dollars (Opus 4.5: $25 for a million tokens of output). */
function spend(home: Home, session: string, atMs: number, usd: number): void {
  serial += 1;
  const at = new Date(atMs).toISOString();
  const facts = { session, at, input: 0, output: Math.round(usd * 40_000) };
  append(transcriptPath(home, session), request({ ...facts, id: `msg_w${serial}` }));
}

/** Forty days of four sessions of six requests each, for about $6 a day. */
function history(home: Home): void {
  for (let day = 40; day >= 1; day--) {
    for (let session = 0; session < 4; session++) {
      for (let number = 0; number < 6; number++) {
        const usd = 0.15 + 0.02 * ((day * 7 + session * 5 + number * 3) % 11);
        const atMs = NOW - day * DAY_MS + (session * 45 + number * 5) * MINUTE_MS;
        spend(home, `d${day}s${session}`, atMs, usd);
      }
    }
  }
}

function shifted(atMs: number): Record<string, string> {
  const shift = String(atMs - Date.now());
  return { NODE_OPTIONS: `--require ${clock}`, TALLYHOOK_TEST_CLOCK_SHIFT_MS: shift };
}

function found(home: Home, atMs = NOW): AlertJson[] {
  const run = cli(home, ['alerts', '--json'], { env: shifted(atMs) });
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return (JSON.parse(run.stdout) as { alerts: AlertJson[] }).alerts;
}

const short = ({ kind, subject, level, windowKey }: AlertJson): string =>
  `${kind} ${subject} ${level} ${windowKey}`;

describe('anomalies', () => {
  test('of usual days there are none', () => {
    const home = temporaryHome();
    history(home);
    expect(found(home)).toEqual([]);
  });

  test('a day, a session and a request, with the reason, each once whatever the clock does', () => {
    const home = temporaryHome();
    history(home);
    for (let number = 0; number < 120; number++) {
      spend(home, 'runaway', NOW - 60 * MINUTE_MS + number * 20_000, 0.3);
    }
    spend(home, 'huge', NOW - 15 * MINUTE_MS, 9);
    const alerts = found(home);
    expect(alerts.map(short).sort()).toEqual([
      'anomaly day critical 2026-11-20',
      `anomaly request critical msg_w${serial}|req_msg_w${serial}`,
      'anomaly session critical huge',
      'anomaly session critical runaway',
    ]);
    const [day, session] = ['day', 'session'].map((subject) =>
      alerts.find((alert) => alert.subject === subject && alert.windowKey !== 'huge'),
    );
    expect(day?.reason).toBe(
      '2026-11-20 cost $45.00, 7.5 times the usual $6.00 (the median of 41 days); 121 requests, 100% claude-opus-4-5, 100% in project shop',
    );
    expect(session?.reason).toContain('session runaway cost $36.00, 24 times the usual $1.50');
    expect(session?.sessionId).toBe('runaway');
    for (const atMs of [NOW, NOW - 3 * 3_600_000, NOW + 3_600_000, NOW - 60_000]) {
      expect(found(home, atMs).map(short)).toEqual(alerts.map(short));
    }
  });

  test('what happened before a day and longer is no news', () => {
    const home = temporaryHome();
    history(home);
    spend(home, 'huge', NOW, 40);
    expect(found(home, NOW + 3 * DAY_MS)).toEqual([]);
  });

  test('that rises is told again at the higher level, and at no lower one', () => {
    const home = temporaryHome();
    history(home);
    const levels = (): string[] =>
      found(home)
        .filter(({ subject }) => subject === 'day')
        .map(({ level }) => level);
    spend(home, 'd1s0', NOW - 30 * MINUTE_MS, 8);
    spend(home, 'd2s0', NOW - 29 * MINUTE_MS, 8);
    expect(levels()).toEqual(['warning']);
    spend(home, 'd3s0', NOW - 28 * MINUTE_MS, 60);
    expect(levels()).toEqual(['critical', 'warning']);
    expect(levels()).toEqual(['critical', 'warning']);
  });

  test('are one alert each for any number of processes that look at once', async () => {
    const home = temporaryHome();
    history(home);
    spend(home, 'huge', NOW - 15 * MINUTE_MS, 50);
    cli(home, ['import']);
    const looks = await Promise.all(
      Array.from({ length: 6 }, () => cliBeside(home, ['alerts', '--json'], shifted(NOW))),
    );
    expect(looks.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
      looks.map(() => ({ status: 0, stderr: '' })),
    );
    expect(found(home).map(short).sort()).toEqual([
      'anomaly day critical 2026-11-20',
      expect.stringMatching(/^anomaly request critical msg_w\d+\|/),
      'anomaly session critical huge',
    ]);
  });

  test('are not looked for where they are switched off, and by other scores where those are set', () => {
    const home = temporaryHome();
    history(home);
    spend(home, 'huge', NOW - 15 * MINUTE_MS, 50);
    writeSettings(home, { alerts: { anomalies: false } });
    expect(found(home)).toEqual([]);
    writeSettings(home, { alerts: { anomalies: { info: 1, warning: 100 } } });
    expect(found(home).map(({ level }) => level)).toEqual(['info', 'info', 'info']);
  });
});

describe('dollars an hour', () => {
  const settings = { alerts: { anomalies: false, velocity: { warning: 5, critical: 20 } } };

  test('a stretch is one alert at its highest level, whatever is read late and whatever the clock does', () => {
    const home = temporaryHome();
    writeSettings(home, settings);
    spend(home, 's1', NOW - 50 * MINUTE_MS, 3);
    expect(found(home)).toEqual([]);
    spend(home, 's1', NOW - 20 * MINUTE_MS, 3);
    const [alert, ...others] = found(home);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      kind: 'velocity',
      level: 'warning',
      amountUsd: 6,
      limitUsd: 5,
      sessionId: 's1',
      reason: '$6.00 spent within an hour; the warning level is $5.00',
    });
    // Another session's, of before, which moves where the stretch begins.
    spend(home, 's2', NOW - 40 * MINUTE_MS, 3);
    spend(home, 's1', NOW + 30 * MINUTE_MS, 4);
    for (const minutes of [31, -60, 45, 0]) {
      expect(found(home, NOW + minutes * MINUTE_MS)).toHaveLength(1);
    }
    spend(home, 's1', NOW + 32 * MINUTE_MS, 20);
    expect(found(home, NOW + 33 * MINUTE_MS).map(({ level }) => level)).toEqual([
      'critical',
      'warning',
    ]);
    expect(found(home, NOW + 34 * MINUTE_MS)).toHaveLength(2);
  });

  test('the next stretch is another one', () => {
    const home = temporaryHome();
    writeSettings(home, settings);
    spend(home, 's1', NOW - 400 * MINUTE_MS, 6);
    spend(home, 's1', NOW - 100 * MINUTE_MS, 7);
    expect(
      found(home)
        .map(({ amountUsd }) => amountUsd)
        .sort(),
    ).toEqual([6, 7]);
  });
});
