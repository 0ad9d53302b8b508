import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { resolveProject } from '../../../src/sources/machine/project.ts';
import { temporaryFolder } from '../../helpers/ledger.ts';

let base: string;

beforeEach(() => {
  base = realpathSync(temporaryFolder());
});

function git(folder: string, ...args: string[]): void {
  const identity = [
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@b',
    '-c',
    'protocol.file.allow=always',
  ];
  execFileSync('git', [...identity, ...args], { cwd: join(base, folder), stdio: 'pipe' });
}

function repository(name: string): void {
  git('.', 'init', '-q', name);
  git(name, 'commit', '-q', '--allow-empty', '-m', 'x');
}

function folder(...names: string[]): string {
  const path = join(base, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

/** The projects of folders: each root below the test's folder, with its name. */
function projectsOf(...folders: string[]): string[] {
  const projects = folders.map((path) => resolveProject(join(base, path)));
  return [...new Set(projects.map(({ root, name }) => `${root.slice(base.length)} ${name}`))];
}

describe('a worktree belongs to its repository', () => {
  test('of a usual repository, also in a folder of the worktree', () => {
    repository('shop');
    git('shop', 'worktree', 'add', '-q', '../shop-x');
    folder('shop-x/packages/web');
    expect(projectsOf('shop', 'shop-x', 'shop-x/packages/web')).toEqual(['/shop shop']);
  });

  test('of a bare repository in a folder that points to it', () => {
    repository('seed');
    git('.', 'clone', '-q', '--bare', 'seed', 'shop/.bare');
    writeFileSync(join(base, 'shop/.git'), 'gitdir: ./.bare\n');
    git('shop/.bare', 'worktree', 'add', '-q', '../main-wt', '-b', 'w1');
    git('shop/.bare', 'worktree', 'add', '-q', '../feature-x', '-b', 'w2');
    expect(projectsOf('shop', 'shop/main-wt', 'shop/feature-x')).toEqual(['/shop shop']);
    rmSync(join(base, 'shop/.git'));
    expect(projectsOf('shop', 'shop/main-wt', 'shop/feature-x')).toEqual(['/shop shop']);
  });

  test('of a bare repository beside it', () => {
    repository('seed');
    git('.', 'clone', '-q', '--bare', 'seed', 'tool.git');
    git('tool.git', 'worktree', 'add', '-q', '../tool-a', '-b', 'a1');
    expect(projectsOf('tool.git', 'tool-a')).toEqual(['/tool.git tool']);
  });

  test('of a repository whose git folder is elsewhere', () => {
    folder('git');
    git('.', 'init', '-q', '--separate-git-dir', 'git/shop.git', 'shop');
    git('shop', 'commit', '-q', '--allow-empty', '-m', 'x');
    git('shop', 'worktree', 'add', '-q', '../shop-x');
    expect(projectsOf('shop', 'shop-x')).toEqual(['/git/shop.git shop']);
  });

  test('of a submodule, which is a project of its own', () => {
    repository('seed');
    repository('shop');
    git('shop', 'submodule', '--quiet', 'add', join(base, 'seed'), 'library');
    git('shop/library', 'worktree', 'add', '-q', '../../library-x');
    expect(projectsOf('shop/library', 'library-x')).toEqual(['/shop/library library']);
    expect(projectsOf('shop')).toEqual(['/shop shop']);
  });

  test('after the repository was deleted or moved', () => {
    repository('shop');
    git('shop', 'worktree', 'add', '-q', '../shop-x');
    git('shop', 'worktree', 'add', '-q', '.claude/worktrees/fox');
    renameSync(join(base, 'shop'), join(base, 'store'));
    expect(projectsOf('shop-x')).toEqual(['/shop shop']);
    expect(projectsOf('store', 'store/.claude/worktrees/fox')).toEqual(['/store store']);
  });
});

test("a worktree of Claude Code's belongs to the folder that contains it, even if nothing is on this disk", () => {
  expect(
    projectsOf(
      'shop',
      'shop/.claude/worktrees/brave-otter',
      'shop/.claude/worktrees/calm-fox/packages/web',
    ),
  ).toEqual(['/shop shop']);
  expect(resolveProject('C:\\Users\\u\\shop\\.claude\\worktrees\\fox\\web')).toEqual({
    root: 'C:\\Users\\u\\shop',
    name: 'shop',
  });
});

test('a repository reached by two paths is one project', () => {
  repository('shop');
  folder('shop/packages/web');
  symlinkSync(join(base, 'shop'), join(base, 'link'));
  symlinkSync(join(base, 'shop/packages/web'), join(base, 'web'));
  expect(projectsOf('shop', 'link', 'link/packages/web', 'web', 'link/deleted')).toEqual([
    '/shop shop',
  ]);
});

test('a home folder that is a repository contains only itself', () => {
  vi.stubEnv('HOME', folder('home'));
  try {
    repository('home');
    repository('home/shop');
    folder('home/notes/2026');
    folder('home/shop/src');
    expect(projectsOf('home')).toEqual(['/home home']);
    expect(projectsOf('home/notes')).toEqual(['/home/notes notes']);
    expect(projectsOf('home/notes/2026')).toEqual(['/home/notes/2026 2026']);
    expect(projectsOf('home/shop', 'home/shop/src')).toEqual(['/home/shop shop']);
    git('home', 'worktree', 'add', '-q', '../dots');
    expect(projectsOf('dots')).toEqual(['/home home']);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a path of another system has its last folder as its name', () => {
  expect(resolveProject('C:\\Users\\u\\shop').name).toBe('shop');
  expect(resolveProject('C:/Users/u/shop').name).toBe('shop');
});
