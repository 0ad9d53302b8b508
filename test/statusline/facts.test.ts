import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { showStatusline } from '../../src/statusline/run.ts';
import { closedEnvironment } from '../helpers/hook.ts';
import { importInto, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';
import { LIMITS, statusJson } from '../helpers/statusline.ts';
import { assistantLine, textOf, writeTree } from '../helpers/transcripts.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60;

/** One request that costs so many cents: output at 25 USD per million tokens. */
function request(session: string, id: string, secondsFromNow: number, cents: number) {
  const output = cents * 400;
  return assistantLine({
    session,
    message: id,
    request: id,
    at: secondsFromNow,
    input: 0,
    output,
    model: 'claude-opus-4-8',
  });
}

/** A ledger of these requests, and what the line says of it at a time. */
function ledgerOf(lines: ReturnType<typeof request>[], settings: object = {}) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.config/tallyhook'), { recursive: true });
  writeFileSync(join(folder, '.config/tallyhook/settings.json'), JSON.stringify(settings));
  const { db, path } = temporaryLedger(folder);
  writeTree(folder, { 'p/s1.jsonl': textOf(lines) });
  importInto(db, folder);
  const env = closedEnvironment({ HOME: folder, TELEMETRY_DB_PATH: path, NO_COLOR: '1' });
  return (over: Record<string, unknown> = {}, nowMs = NOW): string => {
    const shown: string[] = [];
    const text = JSON.stringify(statusJson({ model: null, context_window: null, ...over }));
    showStatusline({ env, text, nowMs }, (line) => shown.push(line));
    expect(shown).toHaveLength(1);
    return shown[0] ?? '';
  };
}

/** This process keeps the clock of another place until the test ends. */
function inTimeZone(name: string): void {
  const before = process.env['TZ'];
  process.env['TZ'] = name;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
}

describe('the session', () => {
  test('is what the client says', () => {
    const show = ledgerOf([request('s1', 'm1', -7200, 100)]);
    expect(show()).toContain('$1.24 session');
  });

  test('is the ledger’s where the client says nothing', () => {
    const show = ledgerOf([request('s1', 'm1', -7200, 100), request('s1', 'm2', -7000, 50)]);
    expect(show({ cost: null })).toContain('$1.50 session');
    expect(show({ cost: null, session_id: 's2' })).not.toContain('session');
  });

  test('says where a model has no price of its own', () => {
    const line = { ...request('s1', 'm1', -7200, 100) };
    const show = ledgerOf([
      { ...line, message: { ...(line['message'] as object), model: 'claude-zephyr-9' } },
    ]);
    expect(show({ cost: null })).toMatch(/^~\$\d+\.\d\d session · ~\$\d+\.\d\d today$/);
  });
});

describe('today', () => {
  test.each([
    ['UTC', '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'],
    ['America/Los_Angeles', '2026-11-20T08:00:00Z', '2026-11-21T08:00:00Z'],
    ['Asia/Kathmandu', '2026-11-19T18:15:00Z', '2026-11-20T18:15:00Z'],
  ])('is the day of the user in %s', (zone, from, until) => {
    inTimeZone(zone);
    const at = (time: string, ms: number): number => (Date.parse(time) + ms - NOW) / 1000;
    const show = ledgerOf([
      request('s2', 'm1', at(from, -1), 1000),
      request('s2', 'm2', at(from, 0), 200),
      request('s3', 'm3', at(until, -1), 30),
      request('s3', 'm4', at(until, 0), 4),
    ]);
    expect(show()).toBe('$1.24 session · $2.30 today');
  });

  test.each([
    ['Pacific/Kiritimati', '2026-11-20T10:00:00Z', '2026-11-21T10:00:00Z'],
    ['America/Los_Angeles', '2026-11-20T08:00:00Z', '2026-11-21T08:00:00Z'],
    ['not/a-zone', '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'],
  ])('is the day in the time zone of the settings, %s', (timezone, from, until) => {
    inTimeZone('UTC');
    const at = (time: string, ms: number): number => (Date.parse(time) + ms - NOW) / 1000;
    const lines = [
      request('s2', 'm1', at(from, -1), 1000),
      request('s2', 'm2', at(from, 0), 200),
      request('s3', 'm3', at(until, -1), 30),
      request('s3', 'm4', at(until, 0), 4),
    ];
    expect(ledgerOf(lines, { timezone })()).toBe('$1.24 session · $2.30 today');
  });

  test('is not said to be nothing where the client has spent something', () => {
    const show = ledgerOf([]);
    expect(show()).toBe('$1.24 session');
    expect(show({ cost: { total_cost_usd: 0 } })).toBe('$0.00 session · $0.00 today');
    expect(show({ cost: null })).toBe('$0.00 today');
  });

  test('has 25 hours where the clock goes back', () => {
    inTimeZone('Europe/Berlin');
    const now = Date.parse('2026-10-25T12:00:00Z');
    const at = (time: string): number => (Date.parse(time) - NOW) / 1000;
    const show = ledgerOf([
      request('s2', 'm1', at('2026-10-24T21:59:59Z'), 1000),
      request('s2', 'm2', at('2026-10-24T22:00:00Z'), 200),
      request('s2', 'm3', at('2026-10-25T22:59:59Z'), 30),
      request('s2', 'm4', at('2026-10-25T23:00:00Z'), 4),
    ]);
    expect(show({}, now)).toBe('$1.24 session · $2.30 today');
  });
});

describe('the rate', () => {
  const rateOf = (lines: ReturnType<typeof request>[]): string | undefined =>
    /\$[\d.]+\/h/.exec(ledgerOf(lines)())?.[0];

  test.each([
    // 60 cents over half an hour.
    [
      'since the first request',
      [
        [-30, 30],
        [-10, 30],
      ],
      '$1.20/h',
    ],
    [
      'of the last hour alone',
      [
        [-300, 5000],
        [-61, 900],
        [-60, 30],
        [-1, 30],
      ],
      '$0.60/h',
    ],
    [
      'without the break before it',
      [
        [-300, 5000],
        [-20, 30],
        [-1, 30],
      ],
      '$1.80/h',
    ],
    ['of a young session, over five minutes', [[-1, 10]], '$1.20/h'],
    ['falls while nothing happens', [[-59, 10]], '$0.10/h'],
    ['is none after an idle hour', [[-61, 10]], undefined],
  ] as [string, [number, number][], string | undefined][])('%s', (_, requests, expected) => {
    const lines = requests.map(([minutes, cents], index) =>
      request('s1', `m${index}`, minutes * MINUTE, cents),
    );
    expect(rateOf(lines)).toBe(expected);
  });

  test('is of this session alone', () => {
    expect(rateOf([request('s2', 'm1', -600, 10)])).toBeUndefined();
  });
});

describe('a subscriber', () => {
  const fresh = { total_cost_usd: 0, total_api_duration_ms: 0 };

  test('stays one while the client does not say so', () => {
    const show = ledgerOf([]);
    expect(show()).toBe('$1.24 session');
    const subscribed = 'API value $1.24 session · 5h 41% 7d 12%';
    expect(show({ rate_limits: LIMITS })).toBe(subscribed);
    expect(show()).toBe(subscribed);
  });

  test('is taken for one in a new session until its first answer', () => {
    const show = ledgerOf([]);
    show({ rate_limits: LIMITS });
    const line = 'API value $0.00 session · $0.00 today';
    expect(show({ session_id: 's2', cost: fresh }, NOW + 1)).toBe(line);
    expect(show({ session_id: 's2' }, NOW + 2)).toBe('$1.24 session');
  });
});
