// Cases from public reports, each with what it has to give. Those that are folders of transcripts are read by
// the hook and by imports; those with a script are run with the built program.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { transcripts } from '../../src/agents/claude-code/source.ts';
import { pathsBelow } from '../../src/sources/transcripts/tree.ts';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { temporaryHome } from '../helpers/home.ts';
import { callHook, closedEnvironment } from '../helpers/hook.ts';
import {
  allFaultsOf,
  importInto,
  recordsOf,
  temporaryFolder,
  temporaryLedger,
} from '../helpers/ledger.ts';
import { cli } from '../helpers/program/run.ts';
import { sharedFolder } from '../helpers/shared.ts';

const root = sharedFolder('cases');
const checkout = fileURLToPath(new URL('../..', import.meta.url));

const all = (db: Ledger, sql: string): unknown => db.prepare(sql).raw().all();
const SUMS = `SELECT count(*), round(sum(cost_nano_usd) / 1e9, 9) FROM cost_records`;

/** What the ledger has to say in the end, by case. */
const LEDGERS: Record<string, (db: Ledger) => void> = {
  'last-line-without-newline': (db) => expect(all(db, SUMS)).toEqual([[2, 0.06]]),
  'two-lines-glued': (db) => expect(all(db, SUMS)).toEqual([[3, 0.01515]]),
  'sonnet-4-5-long-prompt-history': (db) => expect(all(db, SUMS)).toEqual([[1, 0.4425]]),
  'fork-without-request-id': (db) => {
    expect(all(db, SUMS)).toEqual([[4, 0.12]]);
    const bySession = `${SUMS} GROUP BY session_id ORDER BY 2`;
    expect(all(db, bySession)).toEqual([
      [1, 0.03],
      [3, 0.09],
    ]);
  },
  'gateway-constant-id': (db) =>
    expect(all(db, SUMS.replace(' FROM', ', sum(input_tokens), sum(output_tokens) FROM'))).toEqual([
      [3, 0.105, 6000, 3000],
    ]),
  'counts-as-text': (db) =>
    expect(
      all(
        db,
        `SELECT count(*) FROM cost_records
         WHERE NOT (cost_nano_usd = 30000000 OR cost_nano_usd IS NULL AND price_basis = 'unmetered')`,
      ),
    ).toEqual([[0]]),
  'symlinked-project-folder': (db) => expect(all(db, SUMS)).toEqual([[1, 0.03]]),
  'worktree-of-absent-repository': (db) => {
    expect(all(db, SUMS)).toEqual([[3, 0.09]]);
    const projects = `SELECT DISTINCT root FROM cost_records r JOIN projects p ON p.id = r.project_id`;
    expect(all(db, projects)).toEqual([['/home/u/shop']]);
  },
  'popular-models-at-opus-price': (db) => {
    expect(
      all(db, `SELECT model_raw FROM cost_records WHERE price_basis IN ('fallback', 'none')`),
      // Nothing says what an application inference profile is, until it has an alias.
    ).toEqual([[expect.stringMatching(/^arn:/)]]);
    const rates = `SELECT model_raw, price_id FROM cost_records WHERE model_raw LIKE '%claude%'`;
    for (const [name, price] of all(db, rates) as [string, string][]) {
      const version = name.includes('opus') ? 'claude-opus-4-8' : 'claude-sonnet-4-5';
      expect([name, price]).toEqual([name, expect.stringContaining(version)]);
    }
  },
};

/** What the program prints, by case. */
const PROGRAMS: Record<string, (folder: string) => void> = {
  'bare-repository-worktrees': (folder) => {
    const { stdout } = runScript(folder);
    const rows = [...stdout.matchAll(/\/(\S+) +(\d) /g)];
    const requests = rows.map(([, path = '', count]) => `${basename(path)} ${count}`);
    expect(requests.toSorted()).toEqual(['shop 3', 'tool.git 1']);
  },
  'clear-keeps-counter': (folder) => {
    const { stdout } = runScript(folder);
    expect(stdout).toMatch(/^daily .* \$5\.03 +\$7\.00/m);
    expect(stdout).toMatch(/^perses .* \$0\.03 +\$2\.00/m);
    expect(stdout).not.toContain('block');
    expect(stdout).not.toMatch(/\+\$5\.00/);
  },
  'statusline-ignores-timezone': (folder) => {
    const { stdout } = runScript(folder);
    const [, report] = /^Today .*\$(\d+\.\d+)$/m.exec(stdout) ?? [];
    const [, budget] = /^day: \$(\d+\.\d+) of/m.exec(stdout) ?? [];
    const [, line] = /\$(\d+\.\d+) today/.exec(stdout) ?? [];
    expect([typeof report, budget, line]).toEqual(['string', report, report]);
  },
  'config-dir-names-projects': (folder) => {
    const read = runDaily(join(folder, 'projects'));
    expect(read).toMatchObject({ status: 0, stderr: '' });
    expect(read.stdout).toMatch(/\$\d/);
    expect(runDaily('/nonexistent').stderr).toContain('/nonexistent');
  },
  'escape-sequences-in-markdown': (folder) => {
    const args = ['summary', '--by', 'project,branch', '--format', 'md'];
    const { status, stdout } = run(folder, args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\$\d/);
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
  },
  'export-endings-and-excel': (folder) => {
    expect(run(folder, ['export', '-o', 'o.xlsx'])).toMatchObject({ status: 2, stdout: '' });
    const { stdout } = run(folder, ['export', '--excel', '-o', '-']);
    expect(stdout.startsWith('\uFEFF')).toBe(true);
  },
};

/** Cases that need more than a folder or a script: where they are tested. */
const ELSEWHERE: Record<string, string> = {
  'serve-behind-a-forward': 'test/server/forwarded.e2e.test.ts',
  'unreadable-transcript': 'test/commands/unread.e2e.test.ts',
  'unwritable-ledger-folder': 'test/hostile/ledger-place.e2e.test.ts',
  'wide-characters': 'test/render/wide-characters.e2e.test.ts',
};

/** The case's transcripts, where they may be written to. */
function copyOf(name: string): string {
  const folder = temporaryFolder();
  cpSync(`${root}/${name}`, folder, { recursive: true, verbatimSymlinks: true });
  if (name === 'symlinked-project-folder') {
    const link = join(folder, 'projects/-home-u-real');
    rmSync(link);
    symlinkSync('../real', link);
  }
  return folder;
}

function runScript(folder: string): { stdout: string } {
  return spawnSync('bash', [join(folder, 'run.sh'), checkout], {
    env: closedEnvironment({ NO_COLOR: '1' }),
    encoding: 'utf8',
    timeout: 120_000,
  });
}

function run(folder: string, args: string[]): ReturnType<typeof cli> {
  return cli(temporaryHome(), args, { env: { CLAUDE_CONFIG_DIR: folder } });
}

function runDaily(config: string): ReturnType<typeof cli> {
  return run(config, ['daily']);
}

/** Feeds every transcript line by line to hooks, each of which opens the ledger anew. */
function feed(projects: string, ledger: string): string {
  const copies = join(dirname(ledger), 'projects');
  for (const file of pathsBelow(projects, (path) => transcripts.includes(path))) {
    const copy = join(copies, relative(projects, file));
    mkdirSync(dirname(copy), { recursive: true });
    const text = readFileSync(file, 'utf8');
    const session_id = basename(copy, '.jsonl');
    const event = { session_id, transcript_path: copy, cwd: '/', tool_name: 'Bash' };
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      appendFileSync(copy, line);
      callHook({ ...event, hook_event_name: 'PostToolUse' }, { TELEMETRY_DB_PATH: ledger });
    }
    callHook({ ...event, hook_event_name: 'SessionEnd' }, { TELEMETRY_DB_PATH: ledger });
  }
  return copies;
}

describe.skipIf(root === null)('cases', () => {
  test('are all here, or tested elsewhere', () => {
    const known = [LEDGERS, PROGRAMS, ELSEWHERE].flatMap((cases) => Object.keys(cases));
    const given = readdirSync(`${root}`).filter((name) =>
      ['case.json', 'projects'].some((file) => existsSync(`${root}/${name}/${file}`)),
    );
    for (const [name, file] of Object.entries(ELSEWHERE)) {
      console.log(`skipped: ${name}, which ${file} tests`);
      expect(existsSync(join(checkout, file))).toBe(true);
    }
    expect(known.toSorted()).toEqual(given.toSorted());
  });

  test.each(Object.entries(LEDGERS))('%s, imported in any order', (name, holds) => {
    const folder = join(copyOf(name), 'projects');
    const { db, path } = temporaryLedger();
    importInto(db, folder);
    holds(db);
    const { db: backwards } = temporaryLedger();
    importInto(backwards, folder, { order: (paths) => paths.toReversed() });
    expect(recordsOf(backwards)).toEqual(recordsOf(db));
    importInto(db, folder);
    holds(db);
    expect(allFaultsOf(db, path, folder)).toEqual([]);
  });

  test.each(Object.entries(LEDGERS))('%s, line by line in the hook', (name, holds) => {
    const folder = join(copyOf(name), 'projects');
    const path = join(temporaryFolder(), 'telemetry.db');
    const copies = feed(folder, path);
    const db = openLedger(path, { busyTimeoutMs: 1000 });
    try {
      holds(db);
      importInto(db, copies);
      holds(db);
      expect(allFaultsOf(db, path, copies)).toEqual([]);
    } finally {
      db.close();
    }
  });

  test.each(Object.entries(PROGRAMS))('%s', (name, holds) => {
    expect.hasAssertions();
    holds(copyOf(name));
  });
});
