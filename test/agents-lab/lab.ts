import { join } from 'node:path';
import { sharedFolder } from '../helpers/shared.ts';
import type { Api } from './agent.ts';

/** An agent as the shared lab describes it. */
export interface LabAgent {
  version: string;
  packages: string[];
  command: (modules: string) => string[];
  setup: (run: { url: string; hook: string; prompt: string; api: Api; cache: string }) => {
    files: Record<string, string>;
    env: Record<string, string>;
    args: string[];
  };
}

const folder = sharedFolder('lab/other-agents');

/** The lab's agents by name; null if the lab is not here. */
export const labAgents: Record<string, LabAgent> | null =
  folder === null
    ? null
    : ((await import(join(folder, 'agents.mjs'))) as { agents: Record<string, LabAgent> }).agents;

export function labFile(name: string): string {
  if (folder === null) throw new Error('the shared lab is not here');
  return join(folder, name);
}
