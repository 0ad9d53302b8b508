import { lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { OTHER_AGENTS, setupOf } from '../../../src/agents/registry.ts';
import type { Home } from '../home.ts';
import { cli } from './run.ts';

export const AGENT_NAMES = OTHER_AGENTS.map(({ agent }) => agent.name);

/** The files that register the hook with an agent, relative to the home folder. */
export function agentFiles(home: Home, name: string): string[] {
  const place = { home: home.folder, env: {} };
  return (
    setupOf(name)
      ?.installer.files(place)
      .map((path) => path.slice(home.folder.length + 1)) ?? []
  );
}

/** Makes the folder by which an agent is found. */
export function addAgent(home: Home, name: string): void {
  const [folder = ''] = setupOf(name)?.folders({ home: home.folder, env: {} }) ?? [];
  mkdirSync(folder, { recursive: true });
}

export function putFile(home: Home, name: string, text: string): void {
  const path = join(home.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Everything in the home folder but tallyhook's own data, with modes and texts; backups by their folder. */
export function filesOf(home: Home, { withBackups = false } = {}): Record<string, string> {
  const names = readdirSync(home.folder, { recursive: true }).map(String).toSorted();
  return Object.fromEntries(
    names
      .filter((name) => !/^\.local(?:\/share(?:\/tallyhook.*)?)?$/.test(name))
      .filter((name) => withBackups || !name.includes('.tallyhook-backup-'))
      .map((name) => {
        const stat = lstatSync(join(home.folder, name));
        const mode = (stat.mode & 0o777).toString(8);
        const text = stat.isDirectory() ? '/' : readFileSync(join(home.folder, name), 'utf8');
        return [name, `${mode} ${text}`];
      }),
  );
}

/** Runs a command that must succeed without a word on stderr. */
export function run(home: Home, ...args: string[]): string {
  const { status, stdout, stderr } = cli(home, args);
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: '' });
  return stdout;
}
