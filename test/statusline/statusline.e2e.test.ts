import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type Home, openFile, query, temporaryHome, writeSettings } from '../helpers/home.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { problems } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { TROUBLES, ledgerBytes, spoilPages } from '../helpers/program/troubles.ts';
import { LIMITS, statusJson } from '../helpers/statusline.ts';
import { oneLine, statusline, statuslineFile } from '../helpers/program/statusline.ts';

/** A machine whose hook recorded a request of 50 cents in the session a moment ago. */
function machine(): Home {
  const home = temporaryHome();
  const at = new Date().toISOString();
  const path = transcriptPath(home, 's1');
  append(path, request({ session: 's1', id: 'msg_1', at, input: 0, output: 20_000 }));
  hook(home, toolEvent('s1', path));
  return home;
}

const WHOLE = 'Opus 4.8 · $1.24 session · $0.50 today · $6.00/h · 34% context';
/** What the client knows without the ledger. */
const ALONE = 'Opus 4.8 · $1.24 session · 34% context';

interface KeptRow {
  session_id: string;
  cost_nano_usd: number;
  rate_limits_json: string | null;
}

const kept = (home: Home): KeptRow[] =>
  query(home.ledger, 'SELECT session_id, cost_nano_usd, rate_limits_json FROM client_status');

describe('a status', () => {
  test('is one line, and what the client says is kept', () => {
    const home = machine();
    expect(statusline(home, statusJson())).toEqual(oneLine(WHOLE));
    expect(kept(home)).toEqual([
      { session_id: 's1', cost_nano_usd: 1_244_900_000, rate_limits_json: null },
    ]);
    expect(problems(home)).toEqual([]);
  });

  test('of a subscriber says what the dollars are, and keeps the limits', () => {
    const home = machine();
    expect(statusline(home, statusJson({ rate_limits: LIMITS }))).toEqual(
      oneLine(
        'Opus 4.8 · API value $1.24 session · $0.50 today · $6.00/h · 34% context · 5h 41% 7d 12%',
      ),
    );
    expect(JSON.parse(kept(home)[0]?.rate_limits_json ?? '')).toEqual({
      fiveHour: { usedPercent: 41.2, resetsAtMs: 1_795_297_339_000 },
      sevenDay: { usedPercent: 12, resetsAtMs: 1_795_697_339_000 },
    });
  });

  test('is no cost: the totals stay the hook’s', () => {
    const home = machine();
    const totals = () => query(home.ledger, 'SELECT * FROM rollups');
    const before = totals();
    statusline(home, statusJson());
    expect(totals()).toEqual(before);
    expect(cli(home, ['verify']).status).toBe(0);
  });

  test('said again is not written again', () => {
    const home = machine();
    const seen = () => query(home.ledger, 'SELECT seen_at_ms, duration_ms FROM client_status');
    const cost = { ...(statusJson()['cost'] as object), total_duration_ms: 700_000 };
    statusline(home, statusJson());
    const before = seen();
    statusline(home, statusJson({ cost }));
    expect(seen()).toEqual(before);
    statusline(home, statusJson({ cost: { ...cost, total_cost_usd: 1.5 } }));
    expect(seen()).not.toEqual(before);
    expect(kept(home)[0]?.cost_nano_usd).toBe(1_500_000_000);
  });

  test('makes the ledger where there is none', () => {
    const home = temporaryHome();
    expect(statusline(home, statusJson())).toEqual(oneLine(ALONE));
    expect(kept(home)).toHaveLength(1);
  });

  test('leaves nothing behind where recording is switched off', () => {
    const off = { NO_COLOR: '1', TALLYHOOK_DISABLE: '1' };
    const empty = temporaryHome();
    expect(statusline(empty, statusJson(), off)).toEqual(oneLine(ALONE));
    expect(existsSync(empty.data)).toBe(false);
    const home = machine();
    expect(statusline(home, statusJson(), off)).toEqual(oneLine(WHOLE));
    expect(kept(home)).toEqual([]);
  });
});

const garbage: Record<string, string | Buffer> = {
  nothing: '',
  'a line end': '\n',
  'binary data': Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256)),
  'NUL bytes': Buffer.alloc(4096),
  'ten megabytes of garbage': Buffer.alloc(10_000_000, 'x'),
  'half an object': JSON.stringify(statusJson()).slice(0, 200),
  'two objects': `${JSON.stringify(statusJson())}\n`.repeat(2),
  'an array': JSON.stringify([statusJson()]),
  'a number': '17',
  'a string': '"session_id"',
  null: 'null',
  true: 'true',
  'an empty object': '{}',
  'a million open brackets': '['.repeat(1_000_000),
  'an object a million deep': '{"a":'.repeat(1_000_000),
  'every field null': JSON.stringify(
    Object.fromEntries(Object.keys(statusJson()).map((name) => [name, null])),
  ),
  'every field a list': JSON.stringify(
    Object.fromEntries(Object.keys(statusJson()).map((name) => [name, [1]])),
  ),
  'every field a text': JSON.stringify(
    Object.fromEntries([...Object.keys(statusJson()), 'rate_limits'].map((name) => [name, ''])),
  ),
  'numbers that are none': JSON.stringify({
    cost: { total_cost_usd: '1', total_lines_added: -1 },
    context_window: { used_percentage: 1e9, context_window_size: 'big' },
  }),
  'a total of a galaxy': '{"cost":{"total_cost_usd":1e300}}',
  'names from the prototype': '{"__proto__":{"model":{"display_name":"x"}},"constructor":1}',
};

describe('whatever comes in, one line comes out', () => {
  test.each(Object.entries(garbage))('%s', (_, input) => {
    expect(statusline(temporaryHome(), input)).toEqual(oneLine('tallyhook'));
  });

  test('what the ledger knows is shown all the same', () => {
    expect(statusline(machine(), 'garbage')).toEqual(oneLine('$0.50 today'));
  });

  test.each([
    ['', 'tallyhook'],
    [JSON.stringify(statusJson()), ALONE],
  ])('a pipe that nobody closes, with %.12j in it', async (text, expected) => {
    const home = temporaryHome();
    const child = spawn(process.execPath, [statuslineFile], {
      env: { ...home.env, NO_COLOR: '1' },
      timeout: 15_000,
    });
    if (text !== '') child.stdin.write(text);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${expected}\n`, stderr: '' });
  });
});

describe.each(TROUBLES)('a ledger that is $name', ({ start, problem, name }) => {
  test('costs the line what only the ledger knows, and is told once', () => {
    const home = machine();
    const end = start(home);
    // A writer keeps no reader out; others do.
    const expected = name === 'locked by a writer' || name === 'locked by BEGIN EXCLUSIVE';
    for (let run = 0; run < 2; run++) {
      expect(statusline(home, statusJson())).toEqual(oneLine(expected ? WHOLE : ALONE));
    }
    const said = problems(home).map((text) => text.replaceAll(home.folder, '~'));
    // Another writer's turn is not worth telling.
    const isBusy = problem.startsWith('SQLITE_BUSY');
    const wanted = expect.stringContaining(problem.replace(/^SQLITE_\w+ /, ''));
    expect(said).toEqual(isBusy ? [] : [wanted]);
    end();
    expect(statusline(home, statusJson())).toEqual(oneLine(WHOLE));
    expect(kept(home)).toHaveLength(1);
  });
});

describe('a ledger', () => {
  test('that another process holds is written when it lets go', async () => {
    const home = machine();
    const script = `const db = require('better-sqlite3')(${JSON.stringify(home.ledger)});
      db.exec('BEGIN IMMEDIATE'); console.log('locked'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => holder.on('close', resolve));
    try {
      await new Promise((resolve) => holder.stdout.once('data', resolve));
      expect(statusline(home, statusJson())).toEqual(oneLine(WHOLE));
      expect(kept(home)).toEqual([]);
    } finally {
      holder.kill('SIGKILL');
      await ended;
    }
    expect(statusline(home, statusJson())).toEqual(oneLine(WHOLE));
    expect(kept(home)).toHaveLength(1);
  });

  test('with pages overwritten in its middle', () => {
    const home = machine();
    spoilPages(home);
    const { status, stdout, stderr } = statusline(home, statusJson());
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Opus 4\.8 · \$1\.24 session · [^\n]*34% context\n$/);
    expect(problems(home)[0]).toContain('malformed');
  });

  test('that is newer is not touched', () => {
    const home = machine();
    const db = openFile(home.ledger);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.exec('PRAGMA user_version = 999').close();
    const before = ledgerBytes(home);
    expect(statusline(home, statusJson())).toEqual(oneLine(ALONE));
    expect(ledgerBytes(home).equals(before)).toBe(true);
  });

  test('that is empty', () => {
    const home = temporaryHome();
    mkdirSync(home.data, { recursive: true });
    writeFileSync(home.ledger, '');
    expect(statusline(home, { session_id: 's1' })).toEqual(oneLine('$0.00 today'));
    expect(kept(home)).toHaveLength(1);
  });
});

describe('how it looks', () => {
  test('in colours, which NO_COLOR and FORCE_COLOR=0 forbid', () => {
    const home = machine();
    const shown = (env: Record<string, string>): string =>
      statusline(home, statusJson(), env).stdout;
    expect(shown({})).toBe(
      'Opus 4.8\u001B[2m · \u001B[22m$1.24\u001B[2m session · \u001B[22m$0.50\u001B[2m today · ' +
        '\u001B[22m$6.00/h\u001B[2m · \u001B[22m34%\u001B[2m context\u001B[22m\n',
    );
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '0' }, { TERM: 'dumb' }]) {
      expect(shown(env)).toBe(`${WHOLE}\n`);
    }
  });

  test('on a narrow terminal, and on one without UTF-8', () => {
    const home = machine();
    const plain = { NO_COLOR: '1' };
    expect(statusline(home, statusJson(), { ...plain, COLUMNS: '60' })).toEqual(
      oneLine('Opus 4.8 · $1.24 session · $0.50 today · 34% context'),
    );
    expect(statusline(home, statusJson(), { ...plain, LANG: 'C' })).toEqual(
      oneLine(WHOLE.replaceAll('·', '-')),
    );
  });

  test('as the settings have it', () => {
    const home = machine();
    const repository = `${home.folder}/shop`;
    mkdirSync(`${repository}/.git`, { recursive: true });
    writeFileSync(`${repository}/.git/HEAD`, 'ref: refs/heads/feature/carts\n');
    const workspace = { current_dir: repository };
    writeSettings(home, {
      statusline: { template: '{project}@{branch} | {lines} | {limits} | Σ {session} {nonsense}' },
    });
    expect(statusline(home, statusJson({ workspace }))).toEqual(
      oneLine('shop@feature/carts | +1,234 -5 | Σ $1.24 {nonsense}'),
    );
    writeSettings(home, { statusline: { template: 17 } });
    expect(statusline(home, statusJson())).toEqual(oneLine(WHOLE));
  });
});

describe('by other ways', () => {
  test('hook-path --statusline names the executable', () => {
    expect(cli(temporaryHome(), ['hook-path', '--statusline']).stdout).toBe(`${statuslineFile}\n`);
  });

  test('tallyhook statusline does the same', async () => {
    const home = machine();
    const child = spawn(
      process.execPath,
      [statuslineFile.replace(/hooks\/.*/, 'cli.cjs'), 'statusline'],
      {
        env: { ...home.env, NO_COLOR: '1' },
      },
    );
    child.stdin.end(JSON.stringify(statusJson()));
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${WHOLE}\n`, stderr: '' });
    expect(kept(home)).toHaveLength(1);
  });
});
