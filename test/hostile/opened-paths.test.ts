// Every place that opens a path. A new one either reads through src/files/read-bounded.ts, or stands
// here with the reason why it need not.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const OPENS =
  /\b(?:openSync|readFileSync|createReadStream|createWriteStream|writeFileSync|appendFileSync|openAsBlob|copyFileSync|cpSync)\(|node:fs\/promises/g;

/** Files that open paths, and why that is safe. */
const REASONS: Record<string, string> = {
  'hooks/start-main.ts': 'our own bundle, beside the executable',
  'src/files/read-bounded.ts': 'the bounded reader itself',
  'src/files/code-cache.ts': 'no link, no pipe, bounded, checksum verified; written by rename',
  'src/sources/files/text.ts': 'writes: a new file (wx) that is renamed; a folder that is synced',
  'src/sources/machine/diagnostics.ts': 'O_NOFOLLOW, O_NONBLOCK, fstat; appends one line',
  'src/sources/files/temporary-file.ts': 'writes: a new file (wx) of a random name',
  'src/sources/files/output.ts':
    'writes: a device or a pipe that the user names; a file is made by temporary-file.ts',
  'src/server/auth/token.ts': 'O_NOFOLLOW or an owner that is checked, O_NONBLOCK, fstat, 4 kB',
  'src/store/budgets/fail-closed-file.ts': 'writes: a new file (wx) that is renamed',
  'src/sources/machine/port-owner.ts': "the kernel's own tables of sockets in /proc",
  'src/store/ingest/spool.ts': 'writes: a new file (wx) that is renamed',
  'src/doctor/hook-run.ts': 'the log of a hook that ran in a folder made for it',
  'src/doctor/node-binaries.ts': 'our own package.json',
  'src/commands/schema.ts': 'our own schemas',
  'src/commands/setup/config.ts': 'standard input, where the user says so',
  'src/commands/estimate.ts': 'a file that the user names; a pipe is welcome there',
  'src/commands/coverage/reconcile.ts': 'a file that the user names; a pipe is welcome there',
};

test('each place that opens a path is known', () => {
  const files = ['src', 'hooks'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((name) => /\.tsx?$/.test(name)),
  );
  const opening = files.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return text.match(OPENS) !== null;
  });
  expect(opening.sort()).toEqual(Object.keys(REASONS).sort());
});
