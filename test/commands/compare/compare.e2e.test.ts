import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';

// What ccusage says is compared in compare-ccusage.test.ts, with the real one. Here: how a program
// is found, started and refused.

/** A program of that name on a PATH of its own, which writes down what it was called with. */
function program(home: Home, name: string, script: string): Record<string, string> {
  const folder = join(home.folder, 'bin');
  mkdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "$@" >> "${home.folder}/called"\n${script}\n`);
  chmodSync(path, 0o755);
  return { PATH: folder };
}

test('without ccusage: one line, the way out, nothing installed', () => {
  const home = temporaryHome();
  const run = cli(home, ['compare', '--with', 'ccusage'], { env: { PATH: home.folder } });
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toMatchInlineSnapshot(`
    "tallyhook: ccusage was not found
    Name your ccusage: --command /path/to/ccusage, or --command 'npx ccusage'.
    "
  `);
});

test('npx is told not to install', () => {
  const home = temporaryHome();
  const env = program(home, 'npx', `echo '{"daily":[]}'`);
  const run = cli(home, ['compare', '--command', 'npx ccusage@20', '--json', '-z', 'UTC'], { env });
  expect(JSON.parse(run.stdout)).toMatchObject({ schemaVersion: 1, rows: [], agreeing: 0 });
  expect(readFileSync(join(home.folder, 'called'), 'utf8')).toMatchInlineSnapshot(`
    "--no-install ccusage@20 --version
    --no-install ccusage@20 daily --json --breakdown --offline --timezone UTC
    "
  `);
});

test('npx without ccusage is no ccusage', () => {
  const home = temporaryHome();
  const env = { npm_config_cache: join(home.folder, 'npm'), npm_config_offline: 'true' };
  const run = cli(home, ['compare', '--command', 'npx no-such-ccusage'], { env });
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toMatch(/^tallyhook: .*no-such-ccusage.*\n.*\n$/);
});

test.each(['pnpm dlx ccusage', 'yarn dlx ccusage', 'npm exec ccusage'])(
  'what would install it is refused: %s',
  (command) => {
    const run = cli(temporaryHome(), ['compare', '--command', command]);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain(`${command} would install ccusage`);
  },
);

test.each([
  ['fails', `echo 'no such command' >&2; exit 3`, 'ccusage failed: no such command'],
  ['prints a table', 'echo "Date  Cost"', 'did not print a daily report in JSON'],
  ['prints other JSON', `echo '{"weekly":[]}'`, 'did not print a daily report in JSON'],
])('a ccusage that %s is said so in one line', (_, script, message) => {
  const home = temporaryHome();
  const run = cli(home, ['compare'], { env: program(home, 'ccusage', script) });
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toContain(message);
  expect(run.stderr.split('\n')).toHaveLength(3);
});

test.each([
  ['--since', '10m'],
  ['--until', '2026-11-20T10:00Z'],
  ['--timezone', 'Mars'],
  ['--with', 'abacus'],
])('%s %s is refused before anything is run', (name, value) => {
  const home = temporaryHome();
  const run = cli(home, ['compare', name, value]);
  expect(run).toMatchObject({ status: 2, stdout: '' });
});
