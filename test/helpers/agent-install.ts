import { expect } from 'vitest';
import type { AgentInstaller } from '../../src/agents/installer.ts';
import { shellCommand } from '../../src/agents/shared/own-command.ts';

/** A command line as the installer of tallyhook passes it. */
export function commandFor(agent: string, folder = '/opt/x y'): string {
  return shellCommand(['/usr/bin/node', `${folder}/dist/hooks/record.cjs`, '--agent', agent]);
}

/** Adding and removing leaves the text as it was, and adding twice equals once. */
export function expectToBeUndone(
  installer: AgentInstaller,
  path: string,
  before: string | null,
  command: string,
  isEnforcing = false,
): void {
  const added = installer.add(path, before, command, { isEnforcing });
  if (added === null) return;
  expect(installer.add(path, added, command, { isEnforcing })).toBeNull();
  expect(installer.remove(path, added)).toBe(before);
}
