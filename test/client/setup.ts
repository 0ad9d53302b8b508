import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { hookFile } from '../helpers/program/run.ts';
import { VERSIONS, type Version, installClient } from './client.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The executable of each version; null if it can't be installed. */
    clients: Record<Version, string | null>;
  }
}

/** Installs the clients once for all test files. If that fails, prints why; the tests are then skipped. */
export default async function setup(project: TestProject): Promise<void> {
  if (!existsSync(hookFile)) throw new Error(`${hookFile} is missing: run npm run build`);
  const clients: Record<string, string | null> = {};
  for (const version of VERSIONS) {
    clients[version] = await installClient(version).catch((error: unknown) => {
      if (process.env['TALLYHOOK_REQUIRE_CLIENT'] === '1') throw error;
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      console.log(`skipped: the client ${version} can't be had here (${reason})`);
      return null;
    });
  }
  project.provide('clients', clients);
}
