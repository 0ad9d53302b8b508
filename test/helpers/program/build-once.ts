import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the program from the sources under test, as end-to-end tests spawn the built program. */
export default function setup(): void {
  const script = fileURLToPath(new URL('../../../scripts/build.mjs', import.meta.url));
  execFileSync(process.execPath, [script], { stdio: 'inherit' });
}
