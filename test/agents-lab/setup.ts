import type { TestProject } from 'vitest/node';
import { realAgents } from './agents.ts';
import { type InstalledAgent, installAgent } from './install.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** By name; null for an agent that can't be installed. */
    installedAgents: Record<string, InstalledAgent | null>;
  }
}

/** Installs the agents once for all test files. If that fails, prints why; the tests are then skipped. */
export default async function setup(project: TestProject): Promise<void> {
  const installed: Record<string, InstalledAgent | null> = {};
  for (const [name, agent] of Object.entries(realAgents)) {
    installed[name] = await installAgent(name, agent).catch((error: unknown) => {
      if (process.env['TALLYHOOK_REQUIRE_AGENTS'] === '1') throw error;
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      console.log(`skipped: ${name} ${agent.version} can't be had here (${reason})`);
      return null;
    });
  }
  project.provide('installedAgents', installed);
}
