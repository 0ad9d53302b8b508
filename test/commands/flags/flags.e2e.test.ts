import { describe, expect, test } from 'vitest';
import { BLOG, SHOP, report, writeHistory } from '../../helpers/program/history.ts';
import { type Home, openFile, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';

function machine(): Home {
  const home = temporaryHome();
  writeHistory(home);
  return home;
}

/** One line that says what is wrong, at most one more with a way out, and no stack trace. */
const CLEAR = /^tallyhook: [^\n]{10,200}\n([^\n]+\n)?$/;

describe('used wrongly: status 2, and one clear line', () => {
  test.each([
    'nonsense',
    '--nonsense',
    'sumary',
    'summary extra',
    'import extra',
    'verify --nonsense',
    'summary --by nonsense',
    'summary --by model,nonsense',
    'summary --by',
    '--since',
    '--since soon',
    '--since today --until yesterday',
    '--last 7d --until 2020-01-01',
    '--since 2026-02-30',
    '--since 2026-13-01',
    '--until 20261',
    '--last 5',
    '--last -1d',
    '-z Mars/Olympus',
    '-z',
    '--limit 0',
    '--limit -3',
    '--limit 1.5',
    '--limit many',
    '--order up',
    'import --projects',
    'tail --since soon',
    'tail --timezone nowhere',
  ])('%s', (line) => {
    const { status, stdout, stderr } = cli(temporaryHome(), line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(CLEAR);
    expect(stderr).not.toMatch(/NaN|YError|undefined| {4}at /);
  });

  test.each(
    ['session', 'project', 'model', 'agent', 'agent-type', 'tool', 'branch'].concat([
      'since',
      'until',
      'last',
      'timezone',
      'order',
      'limit',
      'projects',
    ]),
  )('--%s given twice is an error or the last one, never a stack trace', (name) => {
    const value =
      {
        since: '2026-01-01',
        until: '2026-12-31',
        last: '9w',
        timezone: 'UTC',
        order: 'asc',
        limit: '3',
      }[name] ?? 'x';
    const { status, stderr } = cli(temporaryHome(), [
      'summary',
      `--${name}`,
      value,
      `--${name}`,
      value,
    ]);
    expect(stderr).not.toMatch(/ {4}at |is not a function/);
    expect([0, 2]).toContain(status);
    expect(status === 0 || CLEAR.test(stderr)).toBe(true);
  });

  test.each([
    ['daily --order up', "--order must be asc or desc, not 'up'."],
    ['completion tcsh', "SHELL must be bash, zsh or fish, not 'tcsh'."],
    ['daily --order', '--order needs a value: asc or desc'],
    ['daily --by', '--by needs a value'],
    ['budget set', 'budget set needs a name: tallyhook budget set NAME --limit 20 --per day'],
    [
      'budget set x',
      'budget set needs --limit and --per: tallyhook budget set NAME --limit 20 --per day',
    ],
    ['config set timezone', 'config set needs a value: tallyhook config set KEY VALUE'],
    ['verify --nonsense=1', '--nonsense is not a flag of tallyhook verify'],
    ['verify extra', "verify does not take the argument 'extra'"],
    ['config nonsense', "'nonsense' is not a tallyhook config command"],
    ['daily --format xml', "--format must be table, json, csv or md, not 'xml'."],
    ['daily --since soon', "--since: 'soon' is not a date"],
  ])('%s: %s', (line, message) => {
    const { stderr } = cli(temporaryHome(), line.split(' '));
    expect(stderr.split('\n')[0]).toBe(`tallyhook: ${message}`);
  });

  test('a word that is nearly a command is told which', () => {
    expect(cli(temporaryHome(), ['sumary']).stderr).toContain('summary');
  });
});

describe('--session', () => {
  test('takes an id, the start of it, or "last"', () => {
    const home = machine();
    expect(report(home, 'summary', '--session', SHOP)).toMatchObject({
      filters: { session: SHOP },
      totals: { requests: 4, costNanoUsd: 45_720_000 },
    });
    expect(report(home, 'summary', '--session', '0a')).toMatchObject({
      filters: { session: SHOP },
    });
    expect(report(home, 'summary', '--session', 'last')).toMatchObject({
      filters: { session: BLOG },
      totals: { requests: 2, costNanoUsd: 21_160_000 },
    });
    const { status, stdout } = cli(home, ['summary', '--session', 'last']);
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe(`$0.02116  session ${BLOG}`);
  });

  test('that is the start of several is told so', () => {
    const { status, stdout, stderr } = cli(machine(), ['summary', '--session', '0']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(CLEAR);
  });

  test.each(['nobody', '%', '_', "'", '\\', '*', '[a-z]'])('%j is no session', (text) => {
    const run = cli(machine(), ['summary', '--session', text, '--by', 'model']);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toMatch(/^tallyhook: session '.*' is not in the ledger\n/);
  });
});

// oxlint-disable-next-line no-control-regex -- colours are control characters
const COLOUR = /\u001B\[/;

describe('what goes where', () => {
  test('no colour into a pipe; FORCE_COLOR asks for it, NO_COLOR forbids it, JSON never has any', () => {
    const home = machine();
    const stdout = (env: Record<string, string>, ...args: string[]): string =>
      cli(home, ['summary', '--by', 'model', ...args], { env }).stdout;
    expect(stdout({})).not.toMatch(COLOUR);
    expect(stdout({ TERM: 'xterm-256color', COLORTERM: 'truecolor' })).not.toMatch(COLOUR);
    expect(stdout({ FORCE_COLOR: '1' })).toMatch(COLOUR);
    expect(stdout({ FORCE_COLOR: '0' })).not.toMatch(COLOUR);
    expect(stdout({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toMatch(COLOUR);
    expect(stdout({ FORCE_COLOR: '1' }, '--json')).not.toMatch(COLOUR);
  });

  test.each(['', 'daily', 'weekly', 'sessions', 'summary --by model', 'summary --session last'])(
    'on a terminal of 80 columns no line of %j is longer',
    (line) => {
      const { stdout } = cli(machine(), line === '' ? [] : line.split(' '), {
        env: { COLUMNS: '80' },
      });
      expect(stdout.split('\n').filter((text) => [...text].length > 80)).toEqual([]);
    },
  );

  test('a narrow terminal leaves columns out, not figures', () => {
    const home = machine();
    const wide = cli(home, ['daily'], { env: { COLUMNS: '120' } }).stdout;
    const narrow = cli(home, ['daily'], { env: { COLUMNS: '80' } }).stdout;
    expect(wide).toContain('Cache read');
    expect(narrow).not.toContain('Cache read');
    for (const text of [wide, narrow]) expect(text).toMatch(/^Total .* 6 .* 699 .*\$0\.0669$/m);
  });

  test.each([70, 60, 50])(
    'at %i columns a day, a share and a colour are whole or not there',
    (columns) => {
      const home = machine();
      const env = { COLUMNS: String(columns) };
      const plain = cli(home, ['daily', '-z', 'Europe/Berlin'], { env }).stdout;
      for (const day of ['2026-10-24', '2026-10-25', '2026-10-26']) expect(plain).toContain(day);
      for (const text of plain.split('\n').filter((line) => line.includes('█'))) {
        expect(text).toMatch(/ \d+\.\d% █/);
      }
      const painted = cli(home, ['daily'], { env: { ...env, FORCE_COLOR: '1' } }).stdout;
      for (const text of painted.split('\n')) {
        // oxlint-disable-next-line no-control-regex -- colours are control characters
        const [on, off] = [/\u001B\[(?:1|2|3[0-8])m/g, /\u001B\[(?:22|39)m/g];
        expect([...text.matchAll(on)].length).toBe([...text.matchAll(off)].length);
      }
    },
  );

  test('a terminal without UTF-8 gets ASCII alone', () => {
    const home = machine();
    for (const args of [[], ['daily'], ['summary', '--session', 'last']]) {
      // oxlint-disable-next-line no-control-regex -- all of ASCII
      expect(cli(home, args, { env: { LC_ALL: 'C' } }).stdout).toMatch(/^[\x00-\x7F]+$/);
    }
  });

  test('JSON stands alone on stdout, also when there is something to say beside it', () => {
    const home = machine();
    cli(home, ['import']);
    append(transcriptPath(home, 's9'), request({ session: 's9', id: 'msg_9' }));
    openFile(home.ledger).exec('BEGIN IMMEDIATE');
    const { status, stdout, stderr } = cli(home, ['summary', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, totals: { requests: 6 } });
    expect(stderr).toMatch(/^tallyhook: not up to date, [^\n]+\n$/);
  });
});
