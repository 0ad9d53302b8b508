import { describe, expect, test } from 'vitest';
import { SHOP, report, writeHistory } from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { append, prompt, request, toolResult, transcriptPath } from '../helpers/lines.ts';

interface SessionDocument {
  totals: Record<string, number>;
  session: {
    startedAt: string;
    endedAt: string;
    activeMs: number;
    burnRateNanoUsdPerHour: number | null;
    cacheHitRatio: number | null;
    cacheSavedNanoUsd: number | null;
    byModel: Part[];
    byAgent: Part[];
    byTool: Part[];
    byPrompt: (Part & { number: number | null; startedAt: string | null })[];
    topRequests: { messageId: string; costNanoUsd: number }[];
    topToolCalls: { name: string; requestCostNanoUsd: number; calledAt: string }[];
  };
}

type Part = { key: Record<string, unknown>; requests: number; costNanoUsd: number };

/** Ten prompts, each of one request with a tool of its own; a pause of ten minutes in the middle. */
function longSession(home: Home): void {
  const path = transcriptPath(home, 's1');
  for (let index = 0; index < 10; index++) {
    const minute = index < 5 ? index : index + 10;
    const at = `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
    append(
      path,
      prompt('s1', at),
      request({
        session: 's1',
        id: `msg_${index}`,
        at,
        input: 0,
        output: 1000 * (index + 1),
        read: 1000,
        tools: [[`call_${index}`, `Tool${index}`]],
      }),
      toolResult('s1', `call_${index}`, undefined, at),
    );
  }
}

function sessionOf(home: Home, id: string): SessionDocument {
  return report<SessionDocument>(home, 'summary', '--session', id);
}

describe('the JSON of a session', () => {
  test('has its times, its rate and what the cache did', () => {
    const home = temporaryHome();
    longSession(home);
    const { totals, session } = sessionOf(home, 's1');
    // 55,000 output tokens at $25 and 10,000 cache reads at $0.50 a million.
    expect(totals).toMatchObject({ requests: 10, costNanoUsd: 1_380_000_000 });
    expect(session).toMatchObject({
      startedAt: '2026-11-20T10:00:00.000Z',
      endedAt: '2026-11-20T10:19:00.000Z',
      // Four minutes before the pause of eleven and four behind it.
      activeMs: 8 * 60_000,
      burnRateNanoUsdPerHour: (1_380_000_000 * 60) / 8,
      cacheHitRatio: 1,
      // 10,000 tokens at $5 instead of $0.50.
      cacheSavedNanoUsd: 45_000_000,
    });
  });

  test('lists the most expensive; what is left out is a last group', () => {
    const home = temporaryHome();
    longSession(home);
    const { totals, session } = sessionOf(home, 's1');
    for (const parts of [session.byModel, session.byAgent, session.byTool, session.byPrompt]) {
      expect(parts.reduce((sum, part) => sum + part.costNanoUsd, 0)).toBe(totals['costNanoUsd']);
      expect(parts.reduce((sum, part) => sum + part.requests, 0)).toBe(10);
      expect(parts.length).toBeLessThanOrEqual(6);
    }
    expect(session.byTool.map(({ key }) => key['tool'] ?? key['other'])).toEqual([
      'Tool9',
      'Tool8',
      'Tool7',
      'Tool6',
      'Tool5',
      true,
    ]);
    expect(session.byPrompt.map(({ number, startedAt }) => [number, startedAt])).toEqual([
      [10, '2026-11-20T10:19:00.000Z'],
      [9, '2026-11-20T10:18:00.000Z'],
      [8, '2026-11-20T10:17:00.000Z'],
      [7, '2026-11-20T10:16:00.000Z'],
      [6, '2026-11-20T10:15:00.000Z'],
      [null, null],
    ]);
    expect(session.topRequests.map(({ messageId }) => messageId)).toEqual(
      [9, 8, 7, 6, 5].map((index) => `msg_${index}`),
    );
    expect(session.topToolCalls.map(({ name }) => name)).toEqual(
      [9, 8, 7, 6, 5].map((index) => `Tool${index}`),
    );
    expect(session.topToolCalls[0]).toMatchObject({
      requestCostNanoUsd: 250_500_000,
      calledAt: '2026-11-20T10:19:00.000Z',
    });
  });

  test('says of a cache that cost more than it saved how much', () => {
    const home = temporaryHome();
    append(
      transcriptPath(home, 's1'),
      request({ session: 's1', id: 'msg_1', input: 0, write1h: 1000 }),
    );
    const { session } = sessionOf(home, 's1');
    expect(session).toMatchObject({
      cacheSavedNanoUsd: -5_000_000,
      cacheHitRatio: 0,
      activeMs: 0,
      burnRateNanoUsdPerHour: null,
    });
    expect(cli(home, ['summary', '--session', 's1']).stdout).toContain('the cache cost $0.01');
  });

  test('says nothing of a session that nobody knows', () => {
    const home = temporaryHome();
    expect(sessionOf(home, 'nobody').session).toBe(null);
  });
});

describe('for people', () => {
  const shown = (home: Home, columns: number, id: string): string => {
    const env = { COLUMNS: String(columns), NO_COLOR: '1', TZ: 'Europe/Berlin' };
    return cli(home, ['summary', '--session', id], { env }).stdout;
  };

  test('fits a screen of 100 columns and 40 lines', () => {
    const home = temporaryHome();
    longSession(home);
    const text = shown(home, 100, 's1');
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
    expect(text).toMatchInlineSnapshot(`
      "$1.38  session s1
      Claude Code · 2026-11-20 11:00 to 11:19 · 19m, active 8m · $10.35 an hour
      10 requests · 0 in · 55,000 out
      0 cache written · 10,000 cache read · cache hits 100.0% · the cache saved $0.05

      Model            Requests     Cost  Share           Agent          Requests     Cost  Share
      ───────────────  ────────  ───────  ────────────    ─────────────  ────────  ───────  ──────────────
      claude-opus-4-5        10  $1.3800  100.0% █████    (main thread)        10  $1.3800  100.0% ███████

      Tool      Requests     Cost  Share                  Prompt             Requests     Cost  Share
      ────────  ────────  ───────  ──────────             ─────────────────  ────────  ───────  ──────────
      Tool9            1  $0.2505   18.2% █▉              prompt 10 (11:19)         1  $0.2505   18.2% █▉
      Tool8            1  $0.2255   16.3% █▋              prompt 9 (11:18)          1  $0.2255   16.3% █▋
      Tool7            1  $0.2005   14.5% █▌              prompt 8 (11:17)          1  $0.2005   14.5% █▌
      Tool6            1  $0.1755   12.7% █▎              prompt 7 (11:16)          1  $0.1755   12.7% █▎
      Tool5            1  $0.1505   10.9% █▏              prompt 6 (11:15)          1  $0.1505   10.9% █▏
      (others)         5  $0.3775   27.4% ██▊             (others)                  5  $0.3775   27.4% ██▊

      Top requests       Tool   In/out     Cost           Top tool calls  Took  Request cost
      ─────────────────  ─────  ──────  ───────           ──────────────  ────  ────────────
      11:19:00 opus-4-5  Tool9  1K/10K  $0.2505           11:19:00 Tool9     -       $0.2505
      11:18:00 opus-4-5  Tool8   1K/9K  $0.2255           11:18:00 Tool8     -       $0.2255
      11:17:00 opus-4-5  Tool7   1K/8K  $0.2005           11:17:00 Tool7     -       $0.2005
      11:16:00 opus-4-5  Tool6   1K/7K  $0.1755           11:16:00 Tool6     -       $0.1755
      11:15:00 opus-4-5  Tool5   1K/6K  $0.1505           11:15:00 Tool5     -       $0.1505
      "
    `);
  });

  test('on a narrow terminal one table stands below the other', () => {
    const home = temporaryHome();
    writeHistory(home);
    expect(shown(home, 60, SHOP)).toMatchInlineSnapshot(`
      "$0.04572  session 0a111111-0000-4000-8000-000000000001
      Claude Code · 2026-10-24 23:59 to 2026-10-25 02:30
      3h 30m, active 0s
      4 requests · 1,130 in · 610 out
      2,400 cache written · 10,000 cache read · cache hits 73.9%
      the cache saved $0.03

      Model             Requests  Output     Cost  Share
      ────────────────  ────────  ──────  ───────  ───────────────
      claude-opus-4-5          2     500  $0.0451   98.5% ████████
      claude-haiku-4-5         2     110  $0.0007    1.5% ▏

      Agent          Requests  Output     Cost  Share
      ─────────────  ────────  ──────  ───────  ─────────────────
      (main thread)         2     500  $0.0451   98.5% █████████▉
      Explore a1            2     110  $0.0007    1.5% ▏

      Tool       Requests  Output     Cost  Share
      ─────────  ────────  ──────  ───────  ─────────────
      Agent             1     300  $0.0276   60.3% ██████
      Bash              1     200  $0.0175   38.3% ███▉
      Read              1      50  $0.0004    0.8% ▏
      (no tool)         1      60  $0.0003    0.7% ▏

      Prompt            Requests  Output     Cost  Share
      ────────────────  ────────  ──────  ───────  ───────────────
      prompt 1 (23:59)         4     610  $0.0457  100.0% ████████

      Top requests        Tool      In/out     Cost
      ──────────────────  ─────  ─────────  ───────
      00:00:00 opus-4-5   Agent     2K/300  $0.0276
      23:59:59 opus-4-5   Bash   11.4K/200  $0.0175
      02:30:00 haiku-4-5  Read      100/50  $0.0004
      02:30:00 haiku-4-5  -          20/60  $0.0003

      Top tool calls  Took  Request cost
      ──────────────  ────  ────────────
      00:00:00 Agent     -       $0.0276
      23:59:59 Bash      -       $0.0175
      23:59:59 Read      -       $0.0175
      02:30:00 Read      -       $0.0004
      "
    `);
  });

  test('sessions --id, session -i and summary --session are the same', () => {
    const home = temporaryHome();
    writeHistory(home);
    const { stdout } = cli(home, ['summary', '--session', SHOP]);
    expect(cli(home, ['sessions', '--id', SHOP]).stdout).toBe(stdout);
    expect(cli(home, ['session', '-i', SHOP.slice(0, 8)]).stdout).toBe(stdout);
  });
});
