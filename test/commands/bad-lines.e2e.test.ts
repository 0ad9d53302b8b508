import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { type Run, cli, cliFile } from '../helpers/program/run.ts';
import { settingsFile } from '../helpers/program/settings.ts';

const LONG = 'x'.repeat(100_000);

/** Words of a command line, and what the message has to name. */
type Line = [words: string[], names: string];

const LINES: Line[] = [
  [['frobnicate'], 'frobnicate'],
  [['sumary'], 'Did you mean summary?'],
  [['Summary'], 'Did you mean summary?'],
  [[''], 'tallyhook'],
  [['--frobnicate'], 'frobnicate'],
  [['-Q'], 'Q'],
  [['daily', '--frobnicate'], 'frobnicate'],
  [['daily', '--jsn'], 'jsn'],
  [['daily', 'monday'], 'monday'],
  [['verify', 'everything', 'now'], 'everything'],
  [['hook-path', 'x'], 'x'],
  [['summary', '--by'], 'by'],
  [['summary', '--by', 'colour'], 'colour'],
  [['summary', '--by', 'model,,colour'], 'colour'],
  [['summary', '--by', '__proto__'], '__proto__'],
  [['summary', '--since'], 'since'],
  [['summary', '--since', ''], 'since'],
  [['summary', '--since', 'tomorrow'], 'tomorrow'],
  [['summary', '--since', '2026-02-31'], '2026-02-31'],
  [['summary', '--since', '0'], '0'],
  [['summary', '--until', '31.12.2026'], '31.12.2026'],
  [['summary', '--until', '-1'], '-1'],
  [['summary', '--last', '7'], '7'],
  [['summary', '--last', '-7d'], '-7d'],
  [['summary', '--last', '7 fortnights'], '7 fortnights'],
  [['summary', '--last', '--json'], 'last'],
  [['summary', '--limit', '0'], '--limit'],
  [['summary', '--limit', '1e999'], '--limit'],
  [['summary', '--limit', 'ten'], '--limit'],
  [['summary', '--limit', '3', '--limit', 'x'], '--limit'],
  [['summary', '--limit='], 'limit'],
  [['summary', '--order', 'sideways'], 'sideways'],
  [['summary', '--timezone', 'Mars/Olympus'], 'Mars/Olympus'],
  [['summary', '--timezone', ''], 'timezone'],
  [['summary', '--timezone', LONG], 'timezone'],
  [[LONG], 'x'],
  [['import', '--projects', '/nope'], '/nope'],
  [['import', '--projects', '/etc/passwd'], '/etc/passwd'],
  [['import', '--projects'], 'projects'],
  [['tail', '--since', 'soon'], 'soon'],
  [['tail', '--timezone', 'x'], 'x'],
  [['pricing'], 'pricing'],
  [['pricing', 'frob'], 'frob'],
  [['pricing', 'show'], 'pricing show'],
  [['pricing', 'show', 'opus', 'sonnet'], 'sonnet'],
  [['pricing', 'show', 'opus', '--at', 'noon'], 'noon'],
  [['pricing', 'show', 'opus', '--at', ''], 'at'],
  [['pricing', 'list', '--provider'], 'provider'],
  [['pricing', 'unknown', '--at', '2026-01-01'], 'at'],
  [['estimate', '/nope.txt'], '/nope.txt'],
  [['estimate', '/'], '/'],
  [['estimate', '--model'], 'model'],
  [['estimate', 'a', 'b'], 'b'],
  [['reprice', '--dry-rnu'], 'dry-rnu'],
  [['init', '--global', '--project'], 'global'],
  [['init', '--dry-run', 'x'], 'x'],
  [['uninstall', '--everywhere', 'x'], 'everywhere'],
  [['uninstall', '--local', '--project'], 'local'],
  [['config', 'frob'], 'frob'],
  [['config', 'get'], 'config get'],
  [['config', 'get', 'pricing'], 'pricing'],
  [['config', 'get', 'pricing.fallbak'], 'Did you mean pricing.fallback?'],
  [['config', 'get', 'alerts'], 'as in alerts.level'],
  [['config', 'get', '__proto__'], '__proto__'],
  [['config', 'get', 'constructor'], 'constructor'],
  [['config', 'get', LONG], 'setting'],
  [['config', 'set'], 'config set'],
  [['config', 'set', 'pricing.fallback'], 'config set'],
  [['config', 'set', 'pricing.fallback', 'gpt'], 'opus, sonnet, zero, none'],
  [['config', 'set', 'pricing.fallback', ''], 'pricing.fallback'],
  [['config', 'set', 'pricing.freeTier', '[1]'], 'pricing.freeTier'],
  [['config', 'set', 'pricing.freeTier', '[[['], 'pricing.freeTier'],
  [['config', 'set', 'estimate.warnTokens', '-5'], '-5'],
  [['config', 'set', 'estimate.warnTokens', '1e3'], '1e3'],
  [['config', 'set', 'estimate.warnTokens', '99999999999999999999'], 'estimate.warnTokens'],
  [['config', 'set', 'timezone', 'Mars/Olympus'], 'Mars/Olympus'],
  [['config', 'set', 'project.ticketPattern', '('], 'project.ticketPattern'],
  [['config', 'set', 'project.name', 'x'], '.tallyhook.json'],
  [['config', 'set', 'recording', 'false'], 'TALLYHOOK_DISABLE'],
  [['config', 'set', 'export.onSessionEnd', 'xml'], 'export.onSessionEnd'],
  [['config', 'set', 'timezone', 'UTC', 'CET'], 'CET'],
  [['config', 'set', 'telemetry.path', ''], 'telemetry.path'],
  [['config', 'unset', 'nothing'], 'nothing'],
  [['config', 'path', 'x'], 'x'],
  [['budget', 'frob'], 'frob'],
  [['budget', 'status', 'a', 'b'], 'b'],
  [['budget', 'check', LONG], 'budget'],
  [['budget', 'set'], 'budget set'],
  [['budget', 'set', 'x'], 'limit'],
  [['budget', 'set', 'x', '--limit', '5'], 'per'],
  [['budget', 'set', 'x y', '--limit', '5', '--per', 'day'], 'x y'],
  [['budget', 'set', '', '--limit', '5', '--per', 'day'], 'not a valid name'],
  [['budget', 'set', LONG, '--limit', '5', '--per', 'day'], 'not a valid name'],
  [['budget', 'set', 'x', '--limit', 'much', '--per', 'day'], '--limit: "much"'],
  [['budget', 'set', 'x', '--limit', '-5', '--per', 'day'], '--limit: "-5"'],
  [['budget', 'set', 'x', '--limit', '0', '--per', 'day'], '--limit: "0"'],
  [['budget', 'set', 'x', '--limit', '1e99', '--per', 'day'], '--limit: "1e99"'],
  [['budget', 'set', 'x', '--limit', '--per', 'day'], 'limit'],
  [['budget', 'set', 'x', '--limit', '5', '--per', 'year'], '--per must be'],
  [['budget', 'set', 'x', '--limit', '5', '--per', 'day', '--warn', '101'], '--warn: "101"'],
  [['budget', 'set', 'x', '--limit', '5', '--per', 'day', '--critical', 'x'], '--critical: "x"'],
  [
    ['budget', 'set', 'x', '--limit', '5', '--per', 'day', '--warn', '90', '--critical', '80'],
    '--warn 90',
  ],
  [['budget', 'set', 'x', '--limit', '5', '--per', 'day', '--action', 'kill'], '--action must be'],
  [['budget', 'set', 'x', '--limit', '5', '--per', 'day', '--model', 'opus'], '--model: opus'],
  [['budget', 'set', 'x', '--limit', '5', '--per', 'day', '--tool', ''], '--tool'],
  [['budget', 'set', 'x', '--limit', '5', '--per', 'day', '--project', './shpo'], 'shpo'],
  [['budget', 'remove'], 'budget remove'],
  [['budget', 'remove', 'x'], '"x"'],
  [['budget', 'allow', 'x'], 'budget allow'],
  [['budget', 'allow', 'x', '5'], '"x"'],
  [['budget', 'allow', 'x', 'all'], '"all"'],
  [['budget', 'allow', 'x', '5', '--for', 'ever'], '--for: "ever"'],
  [['budget', 'allow', 'x', '5', '--for', '0h'], '--for: "0h"'],
  [['budget', 'history', 'x'], '"x"'],
  [['schema', 'frob'], 'frob'],
  [['schema', 'reprot'], 'Did you mean report?'],
  [['schema', '../package'], '../package'],
  [['completion'], 'completion'],
  [['completion', 'tcsh'], 'tcsh'],
  [['completion', 'bash', 'zsh'], 'zsh'],
];

/** At most three short lines that name the thing; no stack, and nothing of how it is made. */
function expectClear({ status, stdout, stderr }: Run, names: string): void {
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^tallyhook: \S/);
  expect(stderr).not.toMatch(/^\s+at |YError|TypeError|undefined|\bNaN\b|\[object/m);
  expect(stderr.toLowerCase()).toContain(names.toLowerCase());
  const lines = stderr.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(3);
  expect(lines.filter((line) => line.length > 300)).toEqual([]);
}

describe('a bad command line gets status 2 and a line or two that name what is wrong', () => {
  test.each(
    LINES.map(([words, names]) => ({
      line: words.map((word) => JSON.stringify(word.slice(0, 40))).join(' '),
      words,
      names,
    })),
  )('$line', ({ words, names }) => {
    expectClear(cli(temporaryHome(), words), names);
  });
});

describe('what is bad around a command', () => {
  const situations: [
    string,
    (home: Home) => { words: string[]; env?: Record<string, string> },
    string,
  ][] = [
    [
      'the ledger is a folder',
      (home) => ({ words: ['daily'], env: { TELEMETRY_DB_PATH: home.folder } }),
      'the ledger',
    ],
    [
      'the ledger is no database',
      (home) => {
        const path = join(home.folder, 'notes.txt');
        writeFileSync(path, 'no database\n'.repeat(500));
        return { words: ['summary'], env: { TELEMETRY_DB_PATH: path } };
      },
      'notes.txt',
    ],
    [
      "the ledger's folder is a file",
      () => ({ words: [], env: { TELEMETRY_DB_PATH: '/etc/passwd/x.db' } }),
      '/etc/passwd/x.db',
    ],
    [
      'the settings are a folder, and should be edited',
      (home) => {
        mkdirSync(settingsFile(home), { recursive: true });
        return { words: ['config', 'set', 'timezone', 'UTC'] };
      },
      'settings.json is a folder',
    ],
    [
      "the settings' folder is a file",
      (home) => {
        mkdirSync(dirname(dirname(settingsFile(home))), { recursive: true });
        writeFileSync(dirname(settingsFile(home)), '');
        return { words: ['config', 'set', 'timezone', 'UTC'] };
      },
      'settings.json',
    ],
    [
      'the settings are corrupt, and should be edited',
      (home) => {
        mkdirSync(dirname(settingsFile(home)), { recursive: true });
        writeFileSync(settingsFile(home), '{"pricing": {');
        return { words: ['config', 'unset', 'pricing.file'] };
      },
      'settings.json is not JSON: line 1',
    ],
    [
      "the client's settings are corrupt",
      (home) => {
        writeFileSync(join(home.folder, '.claude/settings.json'), '{{{');
        return { words: ['init'] };
      },
      'settings.json',
    ],
    [
      'the transcripts are named by a file',
      () => ({ words: ['import', '--projects', '/dev/null'] }),
      '/dev/null',
    ],
  ];

  test.each(situations)('%s', (_, make, names) => {
    const home = temporaryHome();
    const { words, env = {} } = make(home);
    expectClear(cli(home, words, { env }), names);
  });

  test('what a check finds is status 1', () => {
    const home = temporaryHome();
    const { status, stdout, stderr } = cli(home, ['verify'], {
      env: { TELEMETRY_DB_PATH: home.folder },
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/^FAULT file: can't open the ledger [^\n]+\n$/);
    const update = cli(home, ['pricing', 'update', '--from', '/nope.json']);
    expect(update).toMatchObject({ status: 2, stdout: '' });
    expect(update.stderr).toBe("tallyhook: /nope.json can't be read: there is no such file\n");
  });

  test('settings that can not be read do not keep a command from answering', () => {
    const home = temporaryHome();
    mkdirSync(settingsFile(home), { recursive: true });
    const { status, stdout, stderr } = cli(home, ['daily', '--json']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `tallyhook: ${settingsFile(home)} is a folder; defaults are used\n`,
    });
    expect(JSON.parse(stdout)).toMatchObject({ groups: [] });
  });

  test('nor does a folder that is gone', () => {
    const home = temporaryHome();
    const script = 'mkdir gone; cd gone; rmdir ../gone; exec "$0" "$@"';
    for (const words of [[], ['summary', '--project', '.', '--json'], ['config', 'show']]) {
      const { status, stderr } = spawnSync(
        '/bin/sh',
        ['-c', script, process.execPath, cliFile, ...words],
        { cwd: home.folder, env: home.env, encoding: 'utf8' },
      );
      expect({ words, status, stderr }).toEqual({ words, status: 0, stderr: '' });
    }
  });
});
