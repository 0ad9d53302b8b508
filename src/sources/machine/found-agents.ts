import { existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { AgentSetup } from '../../agents/types.ts';
import { type Environment, agentPlace } from './paths.ts';

/** Whether an agent is on this machine: one of its folders exists, or one of its programs is on the PATH. */
export function isOnMachine(setup: AgentSetup, env: Environment): boolean {
  const folders = setup.folders(agentPlace(env));
  return folders.some((path) => existsSync(path)) || isOnPath(setup.programs, env);
}

function isOnPath(programs: readonly string[], env: Environment): boolean {
  const places = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  return programs.some((program) => places.some((folder) => isExecutable(join(folder, program))));
}

function isExecutable(path: string): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}
