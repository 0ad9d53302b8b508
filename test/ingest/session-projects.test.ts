import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultsOf, importInto, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';
import { assistantLine, textOf, writeTree } from '../helpers/transcripts.ts';

/** The project of each request by time, of a session that works in these folders, read in this order. */
function projectsOf(folders: string[], order = folders.map((_, index) => index)): unknown[] {
  const { db } = temporaryLedger();
  // Each request is in a file of its own, as those of subagents are.
  for (const index of order) {
    const folder = temporaryFolder();
    const id = { session: 's', message: `m${index}`, request: `r${index}`, at: index + 1 };
    const line = { ...assistantLine(id), cwd: folders[index] };
    writeTree(folder, {
      [`p/s${index === 0 ? '' : `/subagents/agent-a${index}`}.jsonl`]: textOf([line]),
    });
    importInto(db, folder);
  }
  expect(faultsOf(db)).toEqual([]);
  return db
    .prepare(
      `SELECT p.root FROM cost_records r JOIN projects p ON p.id = r.project_id ORDER BY occurred_at_ms`,
    )
    .pluck()
    .all();
}

test.each([
  ['a folder in it', ['/none/shop', '/none/shop/web'], '/none/shop'],
  ['a folder beside it', ['/none/shop', '/none/blog'], '/none/shop'],
  ['a folder around it', ['/none/shop/web', '/none/shop', '/none'], '/none/shop/web'],
  [
    'a worktree of Claude Code',
    ['/none/shop/.claude/worktrees/fox', '/none/shop/web'],
    '/none/shop',
  ],
  ['a path of Windows', ['C:\\Users\\u\\shop', 'C:\\Users\\u\\shop\\web'], 'C:\\Users\\u\\shop'],
])('a session without a repository stays one project: %s', (_, folders, root) => {
  const all = folders.map(() => root);
  expect(projectsOf(folders)).toEqual(all);
  expect(projectsOf(folders, folders.map((_one, index) => index).toReversed())).toEqual(all);
});

test('a repository is a project wherever the session began, and a folder outside is not', () => {
  const base = temporaryFolder();
  const [shop, blog, loose] = ['shop', 'blog', 'loose'].map((name) => join(base, name));
  for (const repository of [shop, blog])
    mkdirSync(join(String(repository), '.git'), { recursive: true });
  mkdirSync(String(loose));
  const folders = [shop, loose, blog, loose].map(String);
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 0, 3, 2],
  ]) {
    expect(projectsOf(folders, order)).toEqual([shop, shop, blog, shop]);
  }
});

test('in any order of reading', () => {
  const places = ['/none/a', '/none/a/x', '/none/b', '/none/a/.claude/worktrees/w'];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...places), { minLength: 2, maxLength: 4 }).chain((folders) =>
        fc.tuple(
          fc.constant(folders),
          fc.shuffledSubarray(
            folders.map((_, index) => index),
            { minLength: folders.length },
          ),
        ),
      ),
      ([folders, order]) => {
        expect(projectsOf(folders, order)).toEqual(projectsOf(folders));
      },
    ),
    { numRuns: 12 },
  );
});
