import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../../src/reports/compare/comparison.ts';
import { installedCcusage } from '../../helpers/ccusage.ts';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { type RequestFacts, append, request, transcriptPath } from '../../helpers/lines.ts';
import { sharedFolder } from '../../helpers/shared.ts';

const ccusage = installedCcusage();
const traps = ccusage === null ? null : sharedFolder('traps');
const real = ccusage === null ? null : sharedFolder('real');

function compared(home: Home, ...args: string[]): Comparison {
  const command = ['compare', '--with', 'ccusage', '--command', String(ccusage), '--json'];
  const run = cli(home, [...command, '-z', 'UTC', ...args]);
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(run.stdout) as Comparison;
}

/** Of each day and model that differs: its causes with what they come to, and the rest. */
function reasons(comparison: Comparison): string[] {
  return comparison.rows.flatMap(({ day, causes, unexplained }) => [
    ...causes.map(({ cause, amounts, lines }) => {
      const at = lines.map((line) => line.replace(/^.*\//, '')).join(' ');
      return `${day} ${cause} ${amounts.costNanoUsd} ${at}`;
    }),
    ...(unexplained === null ? [] : [`${day} unexplained ${JSON.stringify(unexplained)}`]),
  ]);
}

/** The causes and the rest sum to the difference, to the nano-dollar and the token. */
function expectExact({ rows }: Comparison): void {
  for (const { causes, difference, unexplained } of rows) {
    for (const name of Object.keys(difference) as (keyof typeof difference)[]) {
      if (name === 'costUsd') continue;
      const parts = [
        ...causes.map(({ amounts }) => amounts),
        ...(unexplained ? [unexplained] : []),
      ];
      const sum = parts.reduce((total, part) => total + BigInt(part[name]), 0n);
      const slack = name === 'costNanoUsd' ? 100n : 0n;
      const off = sum - BigInt(difference[name]);
      expect(off <= slack && off >= -slack).toBe(true);
    }
  }
}

const SESSION = 's1';

type Change = (line: {
  [name: string]: unknown;
  message: { [name: string]: unknown; usage: Record<string, unknown> };
}) => void;

function line(facts: Partial<RequestFacts> = {}, change: Change = () => undefined): string {
  const model = 'claude-opus-4-8';
  const text = request({ session: SESSION, id: 'm1', model, input: 1000, output: 1000, ...facts });
  const object = JSON.parse(text) as Parameters<Change>[0];
  change(object);
  return JSON.stringify(object);
}

const DAY = '2026-11-20';
const HERE = 's1.jsonl:1';

/** Lines of one transcript, and why ccusage 20.0.24 counts them otherwise. */
const shapes: Record<string, [lines: string[], reasons: string[]]> = {
  'a plain request': [[line()], []],
  'content blocks, partial and final': [
    [line({ output: 1, isFinal: false }), line({ output: 900 }), line({ output: 900 })],
    [],
  ],
  'writes for an hour': [[line({ write1h: 100_000 })], []],
  'fast mode': [[line({}, ({ message }) => void (message.usage['speed'] = 'fast'))], []],
  'web searches': [[line({ searches: 3 })], [`${DAY} searches -30000000 ${HERE}`]],
  'the US region': [
    [line({}, ({ message }) => void (message.usage['inference_geo'] = 'us'))],
    [`${DAY} region -3000000 ${HERE}`],
  ],
  batch: [
    [line({}, ({ message }) => void (message.usage['service_tier'] = 'batch'))],
    [`${DAY} batch 15000000 ${HERE}`],
  ],
  'batch in the US with a search': [
    [
      line({ searches: 1 }, ({ message }) => {
        message.usage['service_tier'] = 'batch';
        message.usage['inference_geo'] = 'us';
      }),
    ],
    [
      `${DAY} searches -10000000 ${HERE}`,
      `${DAY} batch 16500000 ${HERE}`,
      `${DAY} region -3000000 ${HERE}`,
    ],
  ],
  'a long prompt': [
    [line({ model: 'claude-sonnet-4-5', input: 300_000, output: 300_000, read: 300_000 })],
    [`${DAY} long-prompt 1080000000 ${HERE}`],
  ],
  'a cost in the line itself': [
    [line({}, (object) => void (object['costUSD'] = 0.5))],
    [`${DAY} own-cost 470000000 ${HERE}`],
  ],
  'a model without a price': [
    [line({ model: 'claude-zephyr-9' })],
    [`${DAY} unpriced -24000000 ${HERE}`],
  ],
  'a space after "usage"': [
    [line(), line({ id: 'm2' }).replace('"usage":{', '"usage": {')],
    [`${DAY} passed-over -30000000 s1.jsonl:2`],
  ],
  'NUL bytes before a line': [[`\0\0${line()}`], [`${DAY} passed-over -30000000 ${HERE}`]],
  'half a line before a line': [
    [line().slice(0, 50) + line({ id: 'm2' })],
    [`${DAY} passed-over -30000000 ${HERE}`],
  ],
  'a null count': [
    [line({}, ({ message }) => void (message.usage['cache_read_input_tokens'] = null))],
    [`${DAY} passed-over -30000000 ${HERE}`],
  ],
  'a null request id': [
    [line({}, (object) => void (object['requestId'] = null))],
    [`${DAY} passed-over -30000000 ${HERE}`],
  ],
  'a malformed version': [
    [line({}, (object) => void (object['version'] = 'dev'))],
    [`${DAY} passed-over -30000000 ${HERE}`],
  ],
  'lines that differ in more than their output': [
    [line({ input: 10_000, output: 20 }), line({ input: 10, output: 900 })],
    [`${DAY} one-line -22000000 ${HERE}`],
  ],
  'writes whose parts and total differ': [
    [
      line({ write5m: 1000 }, ({ message }) => {
        message.usage['cache_creation'] = {
          ephemeral_5m_input_tokens: 100,
          ephemeral_1h_input_tokens: 300,
        };
      }),
    ],
    [`${DAY} cache-breakdown -3750000 ${HERE}`],
  ],
  'lines before and after midnight': [
    [
      line({ output: 5, at: `${DAY}T23:59:59.900Z` }),
      line({ output: 900, at: '2026-11-21T00:00:01.000Z' }),
    ],
    [`${DAY} another-day -27500000 s1.jsonl:2`, '2026-11-21 another-day 27500000 s1.jsonl:2'],
  ],
  'an error with counts': [
    [line({}, (object) => void (object['isApiErrorMessage'] = true))],
    [`${DAY} api-error 30000000 ${HERE}`],
  ],
  'a line without ids, twice': [
    [1, 2].map(() =>
      line({}, (object) => {
        delete object['requestId'];
        delete object.message['id'];
      }),
    ),
    [`${DAY} repeated 30000000 s1.jsonl:2`],
  ],
  'a compaction’s own pass': [
    [
      line({}, ({ message }) => {
        message.usage['iterations'] = [
          { type: 'compaction', input_tokens: 100, output_tokens: 10 },
          { type: 'message', input_tokens: 1000, output_tokens: 1000 },
        ];
      }),
    ],
    [`${DAY} compaction -750000 ${HERE}`],
  ],
  'another name at another price': [
    [
      line({ model: 'us.anthropic.claude-opus-4-5-20251101-v1:0' }, (object) => {
        delete object['requestId'];
      }),
    ],
    [`${DAY} prices 3000000 ${HERE}`],
  ],
};

describe.skipIf(ccusage === null)('beside the real ccusage', () => {
  test.each(Object.entries(shapes))('%s', (_, [lines, expected]) => {
    const home = temporaryHome();
    append(transcriptPath(home, SESSION), ...lines);
    const comparison = compared(home);
    expect(reasons(comparison)).toEqual(expected);
    expectExact(comparison);
  });

  test('a transcript that is gone', () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, SESSION), line());
    append(transcriptPath(home, 's2'), line({ session: 's2', id: 'm2' }));
    cli(home, ['import']);
    rmSync(path);
    expect(reasons(compared(home))).toEqual([
      `${DAY} gone -30000000 request m1|req_m1 of session s1`,
    ]);
  });

  test('a journal; a last line without a newline counts in both', () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, SESSION), line());
    append(path.replace('.jsonl', '/journal.jsonl'), line({ id: 'm2' }));
    writeFileSync(path, `${line()}\n${line({ id: 'm3' })}`);
    expect(reasons(compared(home))).toEqual([`${DAY} another-file 30000000 journal.jsonl:1`]);
  });

  test('what the ledger has not read', () => {
    const home = temporaryHome();
    append(transcriptPath(home, SESSION), line());
    cli(home, ['import']);
    append(transcriptPath(home, SESSION), line({ id: 'm2' }));
    expect(reasons(compared(home, '--no-refresh'))).toEqual([
      `${DAY} not-recorded 30000000 s1.jsonl:2`,
    ]);
  });

  test('counts that only a line told that is gone', () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, SESSION), line());
    cli(home, ['import']);
    writeFileSync(path, `${line({ output: 400 })}\n`);
    expect(reasons(compared(home))).toEqual([`${DAY} told-before -15000000 ${HERE}`]);
  });

  test('forks and subagents’ replays are once in both', () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, SESSION), line(), line({ id: 'm2', searches: 1 }));
    append(transcriptPath(home, 's2'), line({ session: 's2' }), line({ session: 's2', id: 'm3' }));
    append(
      path.replace('.jsonl', '/subagents/agent-a1.jsonl'),
      line({ agentId: 'a1' }, (object) => void (object['requestId'] = 'req_other')),
      line({ agentId: 'a1', id: 'm4' }),
    );
    expect(reasons(compared(home))).toEqual([`${DAY} searches -10000000 s1.jsonl:2`]);
  });

  test('days are the user’s in both, and so is their range', () => {
    const home = temporaryHome();
    append(
      transcriptPath(home, SESSION),
      line({ at: '2026-11-19T22:59:00.000Z', searches: 1 }),
      line({ id: 'm2', at: '2026-11-19T23:01:00.000Z', searches: 2 }),
      line({ id: 'm3', at: '2026-11-20T23:01:00.000Z', searches: 4 }),
    );
    const berlin = ['-z', 'Europe/Berlin', '--since', '2026-11-20', '--until', '20261120'];
    expect(reasons(compared(home, ...berlin))).toEqual([`${DAY} searches -20000000 s1.jsonl:2`]);
  });

  test('as a table, also in a narrow terminal', () => {
    const home = temporaryHome();
    append(transcriptPath(home, SESSION), line(), line({ id: 'm2', searches: 100 }));
    append(transcriptPath(home, SESSION), line({ id: 'm3', model: 'claude-haiku-4-5' }));
    const args = ['compare', '--command', String(ccusage), '-z', 'UTC'];
    const { status, stdout } = cli(home, args, { env: { COLUMNS: '70' } });
    expect(status).toBe(0);
    const shown = stdout.replaceAll(home.folder, '~').replace(/^ccusage \S+/, 'ccusage 20');
    expect(shown).toMatchInlineSnapshot(`
      "ccusage 20 compared with the ledger: 1 day and model agrees, 1 differs
      Day         Model             Theirs     Ours  Difference  Why
      ──────────  ───────────────  ───────  ───────  ──────────  ────────
      2026-11-20  claude-opus-4-8  $0.0600  $1.0600    -$1.0000  searches
      ──────────  ───────────────  ───────  ───────  ──────────  ────────
      Total                        $0.0660  $1.0660    -$1.0000

      2026-11-20 claude-opus-4-8: explained -$1.000000 of -$1.000000
        -$1.000000: web searches, which ccusage leaves out, 1 request
            ~/.claude/projects/-home-user-shop/s1.jsonl:2
      "
    `);
  });
});

describe.skipIf(traps === null)('traps', () => {
  const names = readdirSync(traps ?? '.').filter((name) => /^T\d/.test(name));
  test.each(names)('%s: nothing is left unexplained', (name) => {
    const home = temporaryHome();
    cpSync(join(String(traps), name, 'projects'), home.projects, { recursive: true });
    const comparison = compared(home);
    expect(comparison.rows.filter(({ unexplained }) => unexplained !== null)).toEqual([]);
    expectExact(comparison);
  });
});

describe.skipIf(real === null)('real transcripts', () => {
  const names = readdirSync(real ?? '.').filter((name) =>
    existsSync(join(String(real), name, 'projects')),
  );
  test.each(names)('%s: no difference', (name) => {
    const home = temporaryHome();
    cpSync(join(String(real), name, 'projects'), home.projects, { recursive: true });
    expect(compared(home)).toMatchObject({ rows: [] });
  });
});
