import { describe, inject } from 'vitest';
import { VERSIONS, type Version } from './client.ts';
import { Sandbox } from './sandbox.ts';

/**
 * The same tests with each client. `open` makes a machine with it; `events`, where given, are the
 * only hooks that are registered there.
 */
export function withEachClient(
  tests: (open: (events?: string[]) => Sandbox, version: Version) => void,
): void {
  for (const version of VERSIONS) {
    const client = inject('clients')[version];
    describe.skipIf(client === null)(`client ${version}`, () => {
      tests((events) => new Sandbox(version, client ?? '', events), version);
    });
  }
}
