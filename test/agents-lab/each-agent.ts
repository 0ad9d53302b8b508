import { describe, inject } from 'vitest';
import type { RealAgent } from './agent.ts';
import { realAgents } from './agents.ts';
import type { InstalledAgent } from './install.ts';

/** In place of an agent whose tests are skipped, because the shared lab or npm is not here. */
const NO_AGENT: RealAgent = {
  version: '(not here)',
  packages: [],
  command: () => [],
  files: () => ({}),
  env: () => ({}),
  args: () => [],
  logged: () => null,
};

/** Registers the same tests for each of the agents; they are skipped for one that is not installed. */
export function withEachAgent(
  names: readonly string[],
  tests: (agent: [string, RealAgent, InstalledAgent]) => void,
): void {
  const installed = inject('installedAgents');
  for (const name of names) {
    const agent = realAgents[name] ?? NO_AGENT;
    const program = installed[name] ?? null;
    describe.skipIf(program === null)(`${name} ${agent.version}`, () => {
      tests([name, agent, program ?? { command: [], cache: '' }]);
    });
  }
}
