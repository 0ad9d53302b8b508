// A place where the ledger can't be created or written: every command, and doctor, says which folder or
// file it is, why, and what to run.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { type Run, SILENT, cli, hook } from '../helpers/program/run.ts';
import { boundUser } from '../helpers/program/troubles.ts';
import { makeHistory } from '../helpers/sample-history.ts';

const COMMANDS = [[], ['import'], ['daily'], ['summary'], ['budget'], ['reprice'], ['verify']];
const ELSEWHERE = 'set TELEMETRY_DB_PATH to a file in another folder';

interface Place {
  ledger: string;
  /** Called as the owner of the home, before any command runs. */
  spoil: () => void;
  reason: string;
  remedy: string;
}

const OWNER = process.getuid?.() === 0 ? 65_534 : process.getuid?.();

const PLACES: Record<string, (home: Home) => Place> = {
  'a folder that is not writable': ({ folder }) => {
    const data = join(folder, 'ro');
    mkdirSync(data);
    return {
      ledger: join(data, 'x.db'),
      spoil: () => chmodSync(data, 0o555),
      reason: `the folder ${data} can't be written (EACCES: owner ${OWNER}, mode 555)`,
      remedy: `Run chmod u+rwx ${data}, or ${ELSEWHERE}.`,
    };
  },
  'a folder that is missing below one that is not writable': ({ folder }) => {
    const data = join(folder, 'ro');
    mkdirSync(data);
    return {
      ledger: join(data, 'deep/er/x.db'),
      spoil: () => chmodSync(data, 0o555),
      reason: `the folder ${data} can't be written (EACCES: owner ${OWNER}, mode 555)`,
      remedy: `Run chmod u+rwx ${data}, or ${ELSEWHERE}.`,
    };
  },
  'a folder that may not be entered': ({ folder }) => {
    const data = join(folder, 'closed');
    mkdirSync(join(data, 'in'), { recursive: true });
    return {
      ledger: join(data, 'in/x.db'),
      spoil: () => chmodSync(data, 0o600),
      reason: `the folder ${data} can't be written (EACCES: owner ${OWNER}, mode 600)`,
      remedy: `Run chmod u+rwx ${data}, or ${ELSEWHERE}.`,
    };
  },
  'a path through a file': ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    return {
      ledger: join(file, 'x.db'),
      spoil: () => undefined,
      reason: `${file} is a file, not a folder`,
      remedy: `Move ${file} away, or ${ELSEWHERE}.`,
    };
  },
  'the place of a folder': ({ folder }) => {
    const ledger = join(folder, 'x.db');
    mkdirSync(ledger);
    return {
      ledger,
      spoil: () => undefined,
      reason: `${ledger} is a folder`,
      remedy: 'Set TELEMETRY_DB_PATH to another file.',
    };
  },
};

describe('a ledger that cannot be created', () => {
  for (const [name, make] of Object.entries(PLACES)) {
    test(`in ${name}`, ({ skip }) => {
      const home = temporaryHome();
      makeHistory(home, 3);
      const { ledger, spoil, reason, remedy } = make(home);
      const user = boundUser(home);
      if (user === null) return skip('root ignores modes');
      spoil();
      const env = { TELEMETRY_DB_PATH: ledger };
      for (const args of COMMANDS) {
        const { status, stdout, stderr } = cli(home, args, { env, ...user });
        const said = [status, stdout, stderr];
        const message = `can't open the ledger ${ledger}: ${reason}`;
        const expected =
          args[0] === 'verify'
            ? [1, `FAULT file: ${message}. ${remedy}\n`, '']
            : [2, '', `tallyhook: ${message}\n${remedy}\n`];
        expect(said, args.join(' ')).toEqual(expected);
      }
      const event = { hook_event_name: 'Stop', session_id: 's1' };
      expect(hook(home, event, { env, ...user })).toEqual(SILENT);
      expect(ledgerFinding(cli(home, ['doctor', '--json'], { env, ...user }))).toMatchObject({
        state: 'fail',
        message: expect.stringContaining(reason),
        fix: remedy,
      });
    });
  }

  test('a folder of another user', ({ skip }) => {
    const home = temporaryHome();
    const user = boundUser(home);
    if (user?.uid === undefined) return skip('only root can make files of another user');
    const data = join(home.folder, 'theirs');
    mkdirSync(data, { mode: 0o755 });
    const env = { TELEMETRY_DB_PATH: join(data, 'x.db') };
    const { status, stderr } = cli(home, ['import'], { env, ...user });
    expect(status).toBe(2);
    expect(stderr).toContain(`the folder ${data} can't be written (EACCES: owner 0, mode 755)`);
    expect(stderr).toContain(`Run sudo chown ${user.uid} ${data}, or ${ELSEWHERE}.`);
  });
});

describe('a ledger that is there and cannot be written', () => {
  for (const part of ['file', 'folder'] as const) {
    test(`its ${part}: import and doctor name it`, ({ skip }) => {
      const home = temporaryHome();
      makeHistory(home, 3);
      expect(cli(home, ['import']).status).toBe(0);
      makeHistory(home, 5);
      const user = boundUser(home);
      if (user === null) return skip('root ignores modes');
      const path = part === 'file' ? home.ledger : dirname(home.ledger);
      chmodSync(path, part === 'file' ? 0o444 : 0o555);
      const { status, stderr } = cli(home, ['import'], user);
      expect(stderr).toContain(`the ${part} ${path} can't be`);
      expect(stderr).toContain(`Run chmod ${part === 'file' ? 'u+rw' : 'u+rwx'} ${path}`);
      expect(status).toBe(2);
      expect(ledgerFinding(cli(home, ['doctor', '--json'], user))).toMatchObject({
        state: 'fail',
        message: expect.stringContaining(path),
        impact: expect.stringContaining(part === 'file' ? 'waits in the spool' : 'nothing is'),
      });
      chmodSync(path, part === 'file' ? 0o600 : 0o700);
      expect(cli(home, ['import'], user).status).toBe(0);
    });
  }
});

function ledgerFinding({ stdout }: Run): unknown {
  const { findings } = JSON.parse(stdout) as { findings: { check: string }[] };
  return findings.find(({ check }) => check === 'ledger');
}
