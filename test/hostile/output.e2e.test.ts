import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatAlertText, formatAlertTitle } from '../../src/alerts/message.ts';
import { commands } from '../../src/commands/index.ts';
import { jsonText, printable } from '../../src/core/lang/printable.ts';
import { formatLabel } from '../../src/web/dimensions.ts';
import { lastFolder, shortModelName, shortId } from '../../src/web/format.ts';
import { GROUPINGS } from '../../src/web/state/grouping-labels.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { type Run, cli } from '../helpers/program/run.ts';
import { Tail } from '../helpers/program/tail.ts';
import { HOSTILE, fillHostile, hiddenIn, hostileFolder } from '../helpers/program/hostile.ts';
import { Served } from '../helpers/program/server.ts';
import { statusJson } from '../helpers/statusline.ts';
import { statusline } from '../helpers/program/statusline.ts';
import { isThorough } from '../helpers/thorough.ts';

const [ESCAPE = ''] = HOSTILE;
const DIMENSIONS = [
  'model',
  'project,branch',
  'agent,agent-type',
  'tool,mcp-server,skill',
  'session,prompt',
  'client-version,ticket',
  'file,command,plugin',
  'cause,part',
  'day,model',
];
const FORMATS = [[], ['--format', 'md'], ['--format', 'csv']];

/** Each list of words in every format. */
function inFormats(...lists: string[][]): string[][] {
  return lists.flatMap((words) => FORMATS.map((format) => [...words, ...format]));
}

/** Each list of words in one format, another for the next; in every format if all is tried. */
function inFormatsByTurns(...lists: string[][]): string[][] {
  if (isThorough) return inFormats(...lists);
  return lists.map((words, index) => [...words, ...(FORMATS[index % FORMATS.length] ?? [])]);
}

/** How each command is run, by its name. Those that go on until they are ended have tests of their own. */
const RUNS: Record<string, string[][]> = {
  summary: [
    ...inFormats([], ...DIMENSIONS.map((by) => ['--by', by, '--limit', '100']), ['--project', '.']),
    ...inFormatsByTurns(...HOSTILE.map((_, index) => ['--session', `s${index}`])),
  ],
  daily: inFormats(['--breakdown']),
  weekly: inFormats([]),
  monthly: inFormats([]),
  sessions: inFormats([]),
  project: inFormats([]),
  requests: inFormats(['--limit', '100']),
  explain: inFormatsByTurns(...HOSTILE.flatMap((_, index) => [[`s${index}`], [`m${index}`]])),
  'cache-misses': inFormats([]),
  tail: [],
  statusline: [],
  budget: [['status'], ['check'], ['list'], ['history']],
  serve: [['--hooks'], ['--telemetry']],
  alerts: [[], ['send'], ['ack']],
  import: [[]],
  export: [
    ['--format', 'csv'],
    ...DIMENSIONS.map((by) => ['--format', 'csv', '--by', by]),
    ['-o', 'out.csv'],
  ],
  compare: [[], ['--command', `echo '${ESCAPE.replaceAll("'", '')}'`]],
  coverage: inFormats([], ['--by', 'session'], ['--by', 'day']),
  pricing: [['unknown'], ['list'], ['diff'], ['show', 'evil<img']],
  reprice: [['--dry-run']],
  estimate: [['out.csv']],
  verify: [[], ['--no-transcripts']],
  doctor: [[]],
  init: [['--dry-run'], ['--dry-run', '--project'], ['--print'], ['--project']],
  uninstall: [['--dry-run', '--project'], ['--project']],
  config: [['show'], ['get', 'project.name'], ['get', 'pricing.fallback'], ['path']],
  schema: [[], ['report']],
  completion: [['bash'], ['zsh'], ['fish']],
  'hook-path': [[]],
  blocks: [[]],
};

function hiddenInRun({ stdout, stderr }: Run): string | null {
  return hiddenIn(stdout) ?? hiddenIn(stderr);
}

function filled(): { home: Home; cwd: string } {
  const home = temporaryHome();
  fillHostile(home);
  return { home, cwd: hostileFolder(home) };
}

describe('names from transcripts, repositories, settings and logs', () => {
  test('reach no terminal, table, Markdown or CSV as they are, whatever the command', () => {
    const { home, cwd } = filled();
    const names = commands.map(({ command }) => [command].flat()[0]?.split(' ')[0] ?? '');
    expect(Object.keys(RUNS).toSorted()).toEqual(names.toSorted());
    let shown = '';
    for (const name of names) {
      for (const words of RUNS[name] ?? []) {
        const args = [name, ...words];
        const run = cli(home, args, { cwd });
        shown += run.stdout + run.stderr;
        expect({ args, found: hiddenInRun(run) }).toEqual({ args, found: null });
        expect({ args, text: run.stdout + run.stderr }).toEqual({
          args,
          text: expect.not.stringMatching(/\n {4}at /),
        });
        if (!words.includes('md')) continue;
        // Nothing that a reader of Markdown makes HTML, a link or code of.
        const active = /<img|(?<!\\)\]\(|(?<!\\)`|https?:\/\/|\bwww\./.exec(run.stdout);
        expect({ args, active: active?.[0] ?? null }).toEqual({ args, active: null });
      }
    }
    // They were there to be seen.
    for (const text of [String.raw`\x1b[31m`, String.raw`\u202e`, String.raw`\x9b`]) {
      expect(shown).toContain(text);
    }
  });

  test('are shown by doctor on the line of their check', () => {
    const { home, cwd } = filled();
    const { stdout } = cli(home, ['doctor'], { cwd });
    expect(stdout).toMatch(/^FAIL  prices +no price for .*\\x00/m);
    expect(stdout).toMatch(/lines? in the last 7 days, the latest: /);
  });

  test('are whole in JSON, whose text is harmless', () => {
    const { home, cwd } = filled();
    for (const args of [
      ['summary', '--by', 'branch', '--json'],
      ['sessions', '--json'],
      ['requests', '--limit', '100', '--json'],
      ['export', '--format', 'json'],
      ['export', '--format', 'json', '--by', 'branch'],
      ['coverage', '--json'],
      ['doctor', '--json'],
      ['config', 'show', '--json'],
      ['verify', '--json'],
      ['pricing', 'unknown', '--json'],
      ['reprice', '--dry-run', '--json'],
      ['budget', 'list', '--json'],
      ['alerts', '--json'],
      ['cache-misses', '--json'],
    ]) {
      const run = cli(home, args, { cwd });
      expect({ args, found: hiddenInRun(run) }).toEqual({ args, found: null });
      expect(() => JSON.parse(run.stdout) as unknown).not.toThrow();
    }
    const { stdout } = cli(home, ['export', '--format', 'ndjson']);
    expect(hiddenIn(stdout)).toBe(null);
    const lines = stdout.trimEnd().split('\n');
    const branches = lines.map((line) => (JSON.parse(line) as { gitBranch: string }).gitBranch);
    // A lone surrogate is no text that SQLite can keep.
    const kept = HOSTILE.filter((name) => !/\p{Cs}/u.test(name) && !name.includes('\0'));
    expect(branches).toEqual(expect.arrayContaining(kept));
  });

  test('leave colours that are ours, and bring none', () => {
    const { home, cwd } = filled();
    // oxlint-disable-next-line no-control-regex -- colours are control characters
    const ours = /\u001B\[(?:1|2|22|32|33|35|36|39)m/g;
    for (const args of [
      ['doctor'],
      ['config', 'show'],
      ['coverage', '--by', 'session'],
      ['requests'],
      ['project'],
      ['explain', 's8'],
      ['explain', 'm8'],
      ['summary', '--session', 's8'],
      ['alerts'],
      ['pricing', 'unknown'],
    ]) {
      const run = cli(home, args, { cwd, env: { FORCE_COLOR: '1' } });
      const plain = run.stdout.replace(ours, '');
      expect({ args, isPlain: plain === run.stdout }).toEqual({ args, isPlain: false });
      expect({ args, found: hiddenIn(plain) }).toEqual({ args, found: null });
    }
  });

  test('do not reach the status line', () => {
    const { home, cwd } = filled();
    for (const name of HOSTILE) {
      const input = statusJson({
        session_id: name,
        cwd,
        model: { id: name, display_name: name },
        workspace: { current_dir: cwd, project_dir: name },
      });
      const { status, stdout, stderr } = statusline(home, input);
      expect({ status, stderr, found: hiddenIn(stdout) }).toEqual({
        status: 0,
        stderr: '',
        found: null,
      });
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  test('do not reach tail, nor what serve says', async () => {
    const { home } = filled();
    for (const args of [
      ['--since', '2026-11-01'],
      ['--since', '2026-11-01', '--json'],
    ]) {
      const tail = new Tail(home, args);
      await tail.showsLines(HOSTILE.length);
      await tail.end();
      expect(hiddenIn(tail.stdout) ?? hiddenIn(tail.stderr)).toBe(null);
    }
    const served = await Served.start(home);
    await served.ask('/api/costs/summary?groupBy=model');
    expect(hiddenIn(served.stdout) ?? hiddenIn(served.stderr)).toBe(null);
  });

  test('do not reach whom an alert is sent to', () => {
    for (const name of HOSTILE) {
      const alert = {
        number: 1,
        id: 'x',
        kind: 'budget',
        level: 'warning',
        subject: name,
        reason: `budget ${name}`,
        sessionId: name,
        project: name,
      } as unknown as Parameters<typeof formatAlertText>[0];
      expect(hiddenIn(`${formatAlertTitle(alert)}\n${formatAlertText(alert)}`)).toBe(null);
      expect(formatAlertText(alert).split('\n')).toHaveLength(2);
    }
  });
});

test('the dashboard shows them as what can be seen', () => {
  for (const name of HOSTILE) {
    const shown = [
      shortId(name),
      lastFolder(`/home/${name}`),
      shortModelName(name),
      ...GROUPINGS.map((by) => formatLabel(by, name)),
    ];
    for (const text of shown) expect(hiddenIn(text)).toBe(null);
  }
});

describe('arguments', () => {
  test('come back in messages only as what can be seen', () => {
    const home = temporaryHome();
    // No argument has a NUL or half a character. One word has every other kind in it, one has a short one.
    const taken = HOSTILE.filter((name) => !/\p{Cs}/u.test(name) && !name.includes('\0'));
    const given = [taken.join('').slice(0, 2000), taken[0] ?? ''];
    const file = join(home.folder, `price\u001B[31m\u202E.json`);
    writeFileSync(file, '{"evil\\u001b[31m": {"input_cost_per_token": "x"}}');
    for (const words of [
      [file],
      ['pricing', 'update', '--from', file],
      ['reconcile', file],
      ...given.flatMap((name) => [
        [name],
        [`--${name}`],
        ['summary', `--${name}`],
        ['summary', '--by', name],
        ['summary', '--format', name],
        ['summary', '--project', name],
        ['summary', '--session', name],
        ['summary', '--since', name],
        ['summary', '--timezone', name],
        ['summary', '--limit', name],
        ['tail', '--since', name],
        ['explain', name],
        ['project', name],
        ['pricing', 'show', name],
        ['pricing', 'show', 'opus', '--at', name],
        ['pricing', 'list', '--provider', name],
        ['pricing', 'update', '--from', name],
        ['config', 'get', name],
        ['config', 'set', 'pricing.fallback', name],
        ['config', 'set', 'pricing.file', name],
        ['config', 'set', 'statusline.template', name],
        ['config', 'get', 'statusline.template'],
        ['budget', 'set', name, '--limit', '1', '--per', 'day'],
        ['budget', 'set', 'b', '--limit', name, '--per', 'day'],
        ['budget', 'set', 'b', '--limit', '1', '--per', 'day', '--tool', name],
        ['budget', 'status'],
        ['budget', 'remove', name],
        ['budget', 'allow', 'b', name],
        ['alerts', 'ack', name],
        ['alerts', 'test', name],
        ['import', '--projects', name],
        ['export', '-o', `/nope/${name}`],
        ['estimate', name],
        ['coverage', '--reconcile', name],
        ['completion', name],
        ['schema', name],
        ['serve', '--host', name],
      ]),
    ]) {
      const run = cli(home, words);
      expect({ words, found: hiddenInRun(run) }).toEqual({ words, found: null });
      expect({ words, lines: run.stderr.split('\n').length }).toEqual({
        words,
        lines: expect.toSatisfy((count: number) => count <= 12),
      });
    }
  });
});

describe('printable', () => {
  test.each([
    ['a\u001B[31mb\n\r\t', String.raw`a\x1b[31mb\n\r\t`],
    ['\u0085\u009B\u007F', String.raw`\x85\x9b\x7f`],
    ['\u202E\u061C\u2028\uFEFF', String.raw`\u202e\u061c\u2028\ufeff`],
    ['\u{E0041}', String.raw`\u{e0041}`],
    ['\uD800x', String.raw`\ud800x`],
    ['a\u200Db', String.raw`a\u200db`],
    ['👩\u200D💻 👍🏽 ❤\uFE0F\u200D🔥 日本語 é ünï', '👩\u200D💻 👍🏽 ❤\uFE0F\u200D🔥 日本語 é ünï'],
    [String.raw`C:\new`, String.raw`C:\new`],
  ])('%j is shown as %s', (text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(printable(shown)).toBe(shown);
  });

  test('JSON has the same value', () => {
    for (const indent of [undefined, 2]) {
      const text = jsonText({ [HOSTILE.join('')]: HOSTILE }, indent);
      expect(hiddenIn(text)).toBe(null);
      expect(JSON.parse(text)).toEqual({ [HOSTILE.join('')]: HOSTILE });
    }
  });
});
