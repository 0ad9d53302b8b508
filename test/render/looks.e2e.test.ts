import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandTree } from '../../src/commands/completion/tree.ts';
import { commands } from '../../src/commands/index.ts';
import { placedCommands } from '../../src/core/command-spec.ts';
import { writeHistory } from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { isThorough } from '../helpers/thorough.ts';

// oxlint-disable-next-line no-control-regex -- colours are control characters
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F]/;

/** Commands that draw, with what they need. */
const LINES = [
  '',
  'daily',
  'sessions',
  'summary --session last',
  'import',
  'verify',
  'pricing show opus',
  'pricing list claude-opus',
  'pricing unknown',
  'pricing diff',
  'reprice --dry-run --all',
  'estimate prompt.txt',
  'config show',
  'init --dry-run',
  'uninstall --dry-run',
  'completion bash',
  'schema',
  '--help',
  'config set --help',
];

function machine(): Home {
  const home = temporaryHome();
  writeHistory(home);
  writeFileSync(join(home.folder, 'prompt.txt'), 'How much is this? '.repeat(400));
  cli(home, ['import']);
  return home;
}

function shown(home: Home, line: string, env: Record<string, string> = {}): string {
  const args = line.split(' ').filter((word) => word !== '');
  const { status, stdout } = cli(home, args, { env });
  expect(status).toBe(0);
  return stdout;
}

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => [...line].length));
}

test('nothing but text goes into a pipe, nor with NO_COLOR to a terminal that is forced', () => {
  const home = machine();
  const terminal = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };
  for (const line of LINES) {
    for (const env of [terminal, { ...terminal, NO_COLOR: '1', FORCE_COLOR: '1' }]) {
      expect({ line, text: shown(home, line, env) }).toEqual({
        line,
        text: expect.not.stringMatching(CONTROL),
      });
    }
  }
});

test('FORCE_COLOR paints what a person reads, and never JSON or a script', () => {
  const home = machine();
  const env = { FORCE_COLOR: '1' };
  const painted = LINES.filter((line) => CONTROL.test(shown(home, line, env)));
  expect(painted).toEqual(
    expect.arrayContaining([
      'daily',
      'pricing show opus',
      'pricing list claude-opus',
      'config show',
    ]),
  );
  expect(painted).not.toEqual(expect.arrayContaining(['completion bash']));
  for (const line of ['daily --json', 'config show --json', 'config get pricing.fallback']) {
    expect(shown(home, line, env)).not.toMatch(CONTROL);
  }
});

test('every help fits 60 columns, and 100 at most', async () => {
  const home = machine();
  const placed = placedCommands(await commandTree(commands));
  for (const [index, { path }] of placed.entries()) {
    const line = `${path.slice(1).replaceAll('/', ' ')} --help`.trim();
    expect({ line, columns: longest(shown(home, line, { COLUMNS: '60' })) > 60 }).toEqual({
      line,
      columns: false,
    });
    // One line sets the most for all of them.
    if (!isThorough && index % 4 > 0) continue;
    expect(longest(shown(home, line, { COLUMNS: '300' }))).toBeLessThanOrEqual(100);
  }
});

describe('at 60 columns', () => {
  const env = { COLUMNS: '60', LC_ALL: 'C.UTF-8' };

  test('pricing list', () => {
    expect(shown(machine(), 'pricing list claude-opus-4 --at 2026-11-01', env))
      .toMatchInlineSnapshot(`
        "model            input  output  write 5m  write 1h  read
        ───────────────  ─────  ──────  ────────  ────────  ────
        claude-opus-4       15      75     18.75        30   1.5
        claude-opus-4-1     15      75     18.75        30   1.5
        claude-opus-4-5      5      25      6.25        10   0.5
        claude-opus-4-6      5      25      6.25        10   0.5
        claude-opus-4-7      5      25      6.25        10   0.5
        claude-opus-4-8      5      25      6.25        10   0.5
        "
      `);
  });

  test('pricing show', () => {
    expect(shown(machine(), 'pricing show opus --at 2026-11-01', env)).toMatchInlineSnapshot(`
      "opus = claude-opus-5-5 at 2026-11-01 00:00 UTC
      family: the price of the newest model of this family at that time
      claude-opus-5-5@2026-09-22, from 2026-09-22
      from the built-in table: Claude Code 2.1.330, measured, read 2026-11-21

      USD per million tokens:
                  input  output  write 5m  write 1h  read
      ──────────  ─────  ──────  ────────  ────────  ────
      any prompt      4      20         5         8   0.2
      Fast mode: times 2.
      "
    `);
  });

  test('estimate', () => {
    expect(shown(machine(), 'estimate prompt.txt --model haiku,acme-9', env))
      .toMatchInlineSnapshot(`
        "7,200 characters

        model             tokens      cost
        ────────────────  ──────  ────────  ───────────────────
        claude-haiku-5-5  ~3,000  ~$0.0003
        acme-9            ~2,000  ~$0.0080  no price of its own

        Input only, uncached; the reply costs extra.
        "
      `);
  });

  test('verify', () => {
    expect(shown(machine(), 'verify', env)).toMatchInlineSnapshot(`
      "ok    file integrity: ok
      ok    tables, indexes and triggers: all 55 objects
      ok    references: 0 broken
      ok    roll-up queue: 0 waiting
      ok    costs of requests: all 6
      ok    tool uses: no faults
      ok    subagents: no faults
      ok    steps: no faults
      ok    transcripts: no faults
      ok    branches: no faults
      ok    hook events: no faults
      ok    sessions: no faults
      ok    claims and replays: no faults
      ok    deleted requests: no faults
      ok    projects: no faults
      ok    roll-up by all: 0 differences
      ok    roll-up by model: 0 differences
      ok    roll-up by provider: 0 differences
      ok    roll-up by class: 0 differences
      ok    roll-up by project: 0 differences
      ok    roll-up by agent-type: 0 differences
      ok    roll-up by tool: 0 differences
      ok    roll-up by client: 0 differences
      ok    roll-up by task: 0 differences
      ok    roll-up by project-model-agent: 0 differences
      ok    roll-ups of budgets: 0 checked
      ok    session totals: 0 differences
      ok    spool: empty
      ok    requests in the transcripts: all 6
      ok    their counts: none too small
      ok    requests in rewritten transcripts: none
      ok    their sessions and agents: none differ
      ok    requests counted twice: none found
      ok    requests in deleted transcripts: none
      ok    their costs at today's prices: the same
      ok    facts about requests: the same
      ok    tool uses in the transcripts: the same
      ok    other sessions that contain them: the same
      ok    subagents in the transcripts: the same
      ok    births and forks of sessions: the same
      ok    pull requests: the same
      ok    the client's totals: the same
      ok    auxiliary requests: the same
      ok    replays: the same
      ok    steps in the transcripts: the same
      ok    positions in the transcripts: the same
      ok    unreadable transcripts: none
      ok    other programs' transcripts: none
      "
    `);
  });

  test('reprice', () => {
    expect(shown(machine(), 'reprice --all --dry-run', env)).toMatchInlineSnapshot(`
      "No price would change.
      "
    `);
  });

  test('config set --help', () => {
    expect(shown(machine(), 'config set --help', env)).toMatchInlineSnapshot(`
      "tallyhook config set <key> <value>

      Set a setting in your settings file

      Positionals:
        key    A setting, e.g. pricing.file    [string] [required]
        value  Its value ("-" reads a secret from stdin)
                                               [string] [required]

      Options:
        -h, --help     Show help                         [boolean]
            --version  Show version number               [boolean]

      Examples:
        tallyhook config set timezone Europe/Berlin
            Count days in this time zone
        tallyhook config set alerts.slackUrl -
            Paste a secret on stdin
      "
    `);
  });
});
