import { spawnSync } from 'node:child_process';

/** The ccusage to test with: TALLYHOOK_TEST_CCUSAGE, else the one on the PATH; null if it does not run. */
export function installedCcusage(): string | null {
  const named = process.env['TALLYHOOK_TEST_CCUSAGE'] ?? 'ccusage';
  const { status, stdout } = spawnSync(named, ['--version'], { encoding: 'utf8' });
  if (status === 0) {
    console.log(`comparing with ${stdout.trim()}`);
    return named;
  }
  console.log('skipped: no ccusage is here; TALLYHOOK_TEST_CCUSAGE may name one');
  return null;
}
