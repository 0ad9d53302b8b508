import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of suites that are of no part of `src/`. */
const SUITES = [
  'agents-lab',
  'client',
  'docs',
  'helpers',
  'hostile',
  'load',
  'package',
  'shared',
  'web',
];

const files = (readdirSync(join(root, 'test'), { recursive: true }) as string[])
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('test', name));

// They become `.e2e.test.ts` where they are moved; vitest.config.ts names them.
const unitTests = files.filter(
  (file) =>
    /(?<!\.e2e)\.test\.ts$/.test(file) &&
    !file.startsWith('test/shared/') &&
    !/\/(?:package-content|readme)\.test\.ts$/.test(file),
);

/** The modules below `test/` that a module imports, also through others, itself among them. */
function reachedFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !file.startsWith('test/') || !existsSync(join(root, file))) return seen;
  seen.add(file);
  const imports = readFileSync(join(root, file), 'utf8').matchAll(
    /(?:from|import)\s*\(?\s*'(\.[^']+)'/g,
  );
  for (const [, target = ''] of imports) {
    reachedFrom(relative(root, join(root, dirname(file), target)), seen);
  }
  return seen;
}

/** Modules that a file reaches and that need the build. */
function buildUsers(file: string): string[] {
  return [...reachedFrom(file)].filter((reached) => {
    if (reached.startsWith('test/helpers/program/')) return true;
    return /(?:\.\.\/|\$\{root\}|\(root, ')dist\//.test(readFileSync(join(root, reached), 'utf8'));
  });
}

test('a unit test needs no build: it reaches nothing that starts or reads the built program', () => {
  expect(unitTests.length).toBeGreaterThan(60);
  const users = unitTests.map((file) => ({ file, users: buildUsers(file) }));
  expect(users.filter((one) => one.users.length > 0)).toEqual([]);
});

test('a test that is called .e2e. reaches the built program', () => {
  const named = files.filter((file) => file.endsWith('.e2e.test.ts'));
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((file) => buildUsers(file).length === 0)).toEqual([]);
});

test('a proof is in the folder of a project', () => {
  const proofs = files.filter((file) => file.endsWith('.proof.ts'));
  expect([...new Set(proofs.map((file) => file.split('/')[1]))].toSorted()).toEqual([
    'agents-lab',
    'client',
    'load',
    'package',
    'web',
  ]);
});

test('test/ has the folders of src/', () => {
  const folders = new Set(files.map((file) => relative('test', dirname(file))));
  const own = [...folders].filter((folder) => !SUITES.includes(folder.split('/')[0] ?? ''));
  expect(own.filter((folder) => !existsSync(join(root, 'src', folder)))).toEqual([]);
});
