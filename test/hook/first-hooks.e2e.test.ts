import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closedEnvironment } from '../helpers/hook.ts';
import { hookFile } from '../helpers/program/run.ts';
import { temporaryFolder } from '../helpers/ledger.ts';

test('hooks that make the ledger at the same moment wait for each other', async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < 25; round++) {
    const home = join(folder, String(round));
    mkdirSync(home);
    const env = closedEnvironment({ HOME: home, TELEMETRY_DB_PATH: join(home, 'telemetry.db') });
    const runs = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, [hookFile], {
        env,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      child.stdin.end('{"hook_event_name":"Stop","session_id":"s","transcript_path":"/nowhere"}');
      return new Promise((resolve) => child.on('close', resolve));
    });
    expect(await Promise.all(runs)).toEqual(Array(6).fill(0));
    expect(existsSync(join(home, 'hook.log'))).toBe(false);
  }
});
