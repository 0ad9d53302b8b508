import { chmodSync, cpSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SCHEMA_NUMBER } from '../../src/store/migrations/index.ts';
import {
  type Document,
  doctor,
  editSettings,
  faultsOf,
  put,
  settingsPath,
  soundHome,
} from '../helpers/program/doctor.ts';
import { type Home, openFile, temporaryHome, writeSettings } from '../helpers/home.ts';
import { cli, hook, hookFile } from '../helpers/program/run.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { ledgerTotals, spooled } from '../helpers/recorded.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shiftedClock = fileURLToPath(new URL('../helpers/shifted-clock.cjs', import.meta.url));
const HOUR_MS = 3_600_000;

test('a sound machine: nothing is wrong, and the hook was run for real', () => {
  const home = soundHome();
  const before = ledgerTotals(home);
  const document = doctor(home);
  expect(faultsOf(document, home)).toEqual([]);
  const [run] = document.hookRuns;
  expect(document.hookRuns).toHaveLength(1);
  expect(run).toMatchObject({ command: `${process.execPath} ${hookFile}` });
  expect(run?.requests).toBeGreaterThan(0);
  expect(run?.durationMs).toBeGreaterThan(0);
  // That run was none of the user's.
  expect(ledgerTotals(home)).toEqual(before);
  const { status, stdout } = cli(home, ['doctor']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ok +hook-run +test event recorded in [\d.]+ ms/m);
  expect(stdout).toMatch(/\nNo problems found\.\n$/);
});

test('a machine on which nothing was done yet is told what to do, and nothing is made there', () => {
  const home = temporaryHome();
  const faults = faultsOf(doctor(home), home);
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(['hooks', 'transcripts']);
  expect(cli(home, ['doctor'], { env: { COLUMNS: '80' } }).stdout).toContain(
    'Fix: tallyhook init\n',
  );
  expect(() => readFileSync(home.ledger)).toThrow('ENOENT');
});

/** Each of the faults that doctor has to find: planted, and the one line of it. */
const PLANTED: [
  name: string,
  plant: (home: Home) => Parameters<typeof cli>[2] | void,
  line: string,
][] = [
  [
    'a path that is wrong',
    (home) =>
      editSettings(home, (text) => text.replaceAll(hookFile, '/gone/dist/hooks/record.cjs')),
    'paths: ~/.claude/settings.json names /gone/dist/hooks/record.cjs, which does not exist | tallyhook init',
  ],
  [
    'a status line that is gone',
    (home) => {
      const line = { statusLine: { type: 'command', command: '/gone/bin/tallyhook-statusline' } };
      editSettings(home, (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...line }));
    },
    'paths: ~/.claude/settings.json names /gone/bin/tallyhook-statusline, which does not exist | tallyhook init',
  ],
  [
    'a Node that has moved',
    (home) => editSettings(home, (text) => text.replaceAll(process.execPath, '/old/bin/node')),
    'paths: ~/.claude/settings.json names /old/bin/node, which does not exist | tallyhook init',
  ],
  [
    'a program that may not be run',
    (home) => {
      const node = put(join(home.folder, 'bin/node'), '#!/bin/sh\n');
      editSettings(home, (text) => text.replaceAll(process.execPath, node));
    },
    'paths: ~/.claude/settings.json names ~/bin/node, which is not executable | chmod a+x ~/bin/node',
  ],
  [
    'a ledger that others may read',
    (home) => {
      chmodSync(home.ledger, 0o644);
      chmodSync(home.data, 0o755);
    },
    'permissions: others can read ~/.local/share/tallyhook, ~/.local/share/tallyhook/telemetry.db | chmod 700 ~/.local/share/tallyhook && chmod 600 ~/.local/share/tallyhook/telemetry.db',
  ],
  [
    'a ledger of a newer program',
    (home) => void openFile(home.ledger).pragma(`user_version = ${SCHEMA_NUMBER + 1}`),
    `ledger: ~/.local/share/tallyhook/telemetry.db has schema ${SCHEMA_NUMBER + 1}, this version of tallyhook supports up to ${SCHEMA_NUMBER}: update tallyhook | npm install -g tallyhook@latest`,
  ],
  [
    'a database of another program',
    (home) => void openFile(home.ledger).pragma('application_id = 1'),
    'ledger: ~/.local/share/tallyhook/telemetry.db is a database of another program | Set TELEMETRY_DB_PATH, or telemetry.path in the settings, to another file.',
  ],
  [
    'a file that is no database',
    (home) => {
      rmSync(`${home.ledger}-wal`, { force: true });
      put(home.ledger, 'x'.repeat(4096));
    },
    'ledger: the ledger ~/.local/share/tallyhook/telemetry.db is damaged (file is not a database) | Move it away (mv ~/.local/share/tallyhook/telemetry.db ~/.local/share/tallyhook/telemetry.db.damaged) and run tallyhook import: transcripts that still exist are read again.',
  ],
  [
    'a spool that is not empty',
    (home) => {
      const db = openFile(home.ledger).exec('BEGIN EXCLUSIVE');
      const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_2' }));
      hook(home, toolEvent('s1', path));
      db.exec('ROLLBACK');
      expect(spooled(home)).not.toEqual([]);
    },
    'spool: 2 batches wait in ~/.local/share/tallyhook/spool, the oldest for 0 min | tallyhook import && tallyhook doctor',
  ],
  [
    'a hook that is registered twice',
    (home) => {
      const text = readFileSync(settingsPath(home), 'utf8');
      const moved = text.replaceAll(`${process.execPath} `, `${process.execPath} --no-warnings `);
      put(join(home.folder, 'shop/.claude/settings.json'), moved);
      return { cwd: join(home.folder, 'shop') };
    },
    'hooks: registered twice, in ~/.claude/settings.json and ~/shop/.claude/settings.json: PostToolUse, PostToolUseFailure, Stop, SubagentStop, SessionEnd, SessionStart | tallyhook uninstall, then tallyhook init',
  ],
  [
    'hooks that are disabled',
    (home) => editSettings(home, (text) => text.replace('{', '{ "disableAllHooks": true,')),
    'switches: "disableAllHooks" is true in ~/.claude/settings.json | Remove "disableAllHooks" from ~/.claude/settings.json',
  ],
  [
    'recording that is switched off',
    () => ({ env: { TALLYHOOK_DISABLE: '1' } }),
    'switches: recording is switched off by TALLYHOOK_DISABLE | unset TALLYHOOK_DISABLE',
  ],
  [
    'an old Node',
    (home) => {
      // It does what the hook asks, and says of itself what an old one does.
      const text = `#!/bin/sh\n[ "$1" = --version ] && echo v18.20.8 && exit\nexec ${process.execPath} "$@"\n`;
      const node = put(join(home.folder, 'old/node'), text);
      chmodSync(node, 0o755);
      editSettings(home, (settings) => settings.replaceAll(process.execPath, node));
    },
    'node: ~/old/node is Node v18.20.8; 20.19 is required | Install Node 20.19 or later, and run tallyhook init with it',
  ],
  [
    'no transcripts',
    (home) => rmSync(home.projects, { recursive: true }),
    'transcripts: none in ~/.config/claude/projects, ~/.claude/projects | Use an agent once, or set CLAUDE_CONFIG_DIR to the folder of Claude Code',
  ],
  [
    'a cleanup period that is short',
    (home) => editSettings(home, (text) => text.replace('{', '{ "cleanupPeriodDays": 3,')),
    'cleanup: "cleanupPeriodDays" is 3 in ~/.claude/settings.json | Set "cleanupPeriodDays": 365 in ~/.claude/settings.json',
  ],
  [
    'a model without a price',
    (home) => {
      append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_3', model: 'acme-9' }));
      cli(home, ['import']);
    },
    'prices: no price for acme-9 (1 request) | tallyhook pricing update && tallyhook reprice',
  ],
  [
    'settings that the client ignores',
    (home) => editSettings(home, (text) => `// mine\n${text}`),
    'client-settings: ~/.claude/settings.json has comments or trailing commas | Remove them from ~/.claude/settings.json',
  ],
  [
    'settings that are broken',
    (home) => editSettings(home, () => '{\n  "hooks": nothing\n}\n'),
    'client-settings: ~/.claude/settings.json is not valid JSON (line 2, column 12: invalid symbol) | Correct ~/.claude/settings.json',
  ],
  [
    'a setting of ours that is malformed',
    (home) => writeSettings(home, { timezone: 'Europe/Nowhere' }),
    'settings: ~/.config/tallyhook/settings.json: timezone: "Europe/Nowhere" is not a time zone such as Europe/Berlin; ignored | tallyhook config show',
  ],
  [
    'an alert channel that can not work',
    (home) => {
      writeSettings(home, { alerts: { slackUrl: 'https://127.0.0.1:9/hook' } });
      chmodSync(join(home.folder, '.config/tallyhook/settings.json'), 0o644);
    },
    'alerts: slack: others can read the secrets in ~/.config/tallyhook/settings.json: chmod 600 ~/.config/tallyhook/settings.json | tallyhook alerts test slack',
  ],
  [
    'a budget that stops without the hooks for it',
    (home) => {
      cli(home, ['budget', 'set', 'cap', '--limit', '5', '--per', 'day', '--action', 'stop']);
    },
    'hooks: budgets that stop or ask (cap) have no hook for PostToolBatch, UserPromptSubmit, PreCompact | tallyhook init --budgets',
  ],
  [
    'hooks over HTTP without a server',
    (home) => {
      const printed = cli(home, ['serve', '--hooks', '--port', '9']).stdout;
      editSettings(home, () => printed);
    },
    'server: no tallyhook server answers at http://127.0.0.1:9/hook | tallyhook serve --port 9',
  ],
];

describe('doctor finds', () => {
  test.each(PLANTED)('%s', (_, plant, line) => {
    const home = soundHome();
    const options = plant(home) ?? {};
    expect(faultsOf(doctor(home, options), home)).toContain(line);
  });

  test('a clock that is off', () => {
    const home = soundHome();
    const env = {
      NODE_OPTIONS: `--require ${shiftedClock}`,
      TALLYHOOK_TEST_CLOCK_SHIFT_MS: String(-3 * HOUR_MS),
    };
    const faults = faultsOf(doctor(home, { env }), home);
    expect(faults.join('\n')).toMatch(
      /^clock: the clock says \S+Z, but the latest record is from /m,
    );
    expect(faults.join('\n')).toContain('timedatectl');
  });

  test('an addon that is missing: the hook spools in silence, and doctor explains', () => {
    const home = soundHome();
    const copy = copyWithoutPackages(home);
    const record = join(copy, 'dist/hooks/record.cjs');
    editSettings(home, (text) => text.replaceAll(hookFile, record));
    const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_2' }));
    const input = JSON.stringify(toolEvent('s1', path));
    const ran = spawnSync(process.execPath, [record], { input, env: home.env, encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(spooled(home)).not.toEqual([]);
    const run = spawnSync(process.execPath, [join(copy, 'dist/cli.cjs'), 'doctor', '--json'], {
      env: home.env,
      cwd: home.folder,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 1, stderr: '' });
    const faults = faultsOf(JSON.parse(run.stdout) as Document, home).join('\n');
    expect(faults).toMatch(
      /^addon: the SQLite addon for Node \S+ is missing: .* \| cd ~\/copy && npm install --include=optional/m,
    );
    expect(faults).toMatch(/^hook-run: .* recorded nothing from a test event: ledger: /m);
    expect(faults).toMatch(/^spool: /m);
    expect(importBy(copy, home)).toMatch(
      /^tallyhook: can't open the ledger \S+: the SQLite addon for Node \S+ is missing\nRun npm rebuild better-sqlite3 .*tallyhook doctor .*\n$/,
    );
    // With the addon it is written, and nothing was lost.
    expect(cli(home, ['import']).status).toBe(0);
    expect(spooled(home)).toEqual([]);
    expect(ledgerTotals(home).requests).toBe(2);
  });

  test('an addon that was compiled for another Node', () => {
    const home = soundHome();
    const copy = copyWithoutPackages(home);
    const folder = join(copy, 'node_modules/better-sqlite3');
    put(join(folder, 'package.json'), '{"name":"better-sqlite3"}');
    put(join(folder, 'build/Release/better_sqlite3.node'), 'no library');
    const run = spawnSync(process.execPath, [join(copy, 'dist/cli.cjs'), 'doctor'], {
      env: home.env,
      cwd: home.folder,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toMatch(/^FAIL  addon +.* can't load .*better_sqlite3\.node: /m);
    expect(importBy(copy, home)).toMatch(
      /^tallyhook: can't open the ledger \S+: the SQLite addon can't be loaded: .*\nRun npm rebuild better-sqlite3 /,
    );
  });
});

/** What `tallyhook import` of another installation says. */
function importBy(installation: string, home: Home): string {
  const file = join(installation, 'dist/cli.cjs');
  const options = { env: home.env, cwd: home.folder, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [file, 'import'], options).stderr;
}

test('sessions that go on without a word from hooks are told of', () => {
  const home = soundHome();
  const later = Date.now() / 1000 + 60;
  openFile(home.ledger).exec(
    `UPDATE hook_events SET arrived_at_ms = arrived_at_ms - ${2 * HOUR_MS}`,
  );
  utimesSync(transcriptPath(home, 's1'), later, later);
  expect(doctor(home).findings).toContainEqual(
    expect.objectContaining({ check: 'events', state: 'warn', fix: 'Restart Claude Code' }),
  );
});

test('a plugin and settings at once: doctor says so, and runs both', () => {
  const home = soundHome();
  installPlugin(home);
  const document = doctor(home);
  const [fault] = faultsOf(document, home);
  expect(fault).toMatch(
    /^hooks: registered twice, in .*settings\.json and the plugin tallyhook@x: /,
  );
  expect(fault).toContain('| tallyhook uninstall, or claude plugin uninstall tallyhook@x');
  expect(document.hookRuns.map(({ requests }) => requests > 0)).toEqual([true, true]);
  expect(cli(home, ['uninstall']).status).toBe(0);
  editSettings(home, () => JSON.stringify({ enabledPlugins: { 'tallyhook@x': true } }));
  expect(faultsOf(doctor(home), home)).toEqual([]);
});

/** An installed tallyhook whose dependencies are gone. */
function copyWithoutPackages(home: Home): string {
  const copy = join(home.folder, 'copy');
  for (const name of ['dist', 'fixtures', 'package.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  return copy;
}

/** As the client keeps a plugin of a marketplace that is a folder. */
function installPlugin(home: Home): void {
  editSettings(home, (text) => text.replace('{', '{ "enabledPlugins": { "tallyhook@x": true },'));
  const known = { x: { source: { source: 'directory', path: root }, installLocation: root } };
  put(join(home.folder, '.claude/plugins/known_marketplaces.json'), JSON.stringify(known));
}
