// What waits in the spool is lost by no passing error, and what can't be recorded is seen.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, query, temporaryHome } from '../helpers/home.ts';
import { SILENT, cli, hook, hookFile } from '../helpers/program/run.ts';

const EVENT = { hook_event_name: 'PostToolUse', session_id: 's', tool_name: 'Bash' };

/** A payload record that was spooled because a folder stood in the ledger's place, by its file. */
function spoolOne(home: Home): string {
  mkdirSync(home.ledger, { recursive: true });
  const usage = { input_tokens: 10, output_tokens: 20 };
  const response = { id: 'resp_1', model: 'claude-opus-4-8', usage };
  expect(hook(home, { ...EVENT, tool_use_id: 'toolu_1', response })).toEqual(SILENT);
  const [name = ''] = readdirSync(home.spool);
  return name;
}

/** The folder in its place is empty: the next program makes the ledger. */
function letLedgerBeMade(home: Home): void {
  rmdirSync(home.ledger);
}

function recorded(home: Home): unknown {
  return query(home.ledger, 'SELECT count(*) AS n FROM cost_records');
}

describe('the spool', () => {
  test.runIf(process.getuid?.() === 0)('tries a file again that can not be read now', () => {
    const home = temporaryHome();
    const name = spoolOne(home);
    letLedgerBeMade(home);
    const user = 65_534;
    for (const path of [home.folder, home.data, home.spool]) chownSync(path, user, user);
    for (const folder of ['.local', '.local/share'])
      chownSync(join(home.folder, folder), user, user);
    chmodSync(home.folder, 0o755);
    const file = join(home.spool, name);
    chownSync(file, user, user);
    chmodSync(file, 0o000);
    const event = { ...EVENT, transcript_path: '/none.jsonl' };
    expect(hook(home, event, { uid: user })).toEqual(SILENT);
    expect(readdirSync(home.spool)).toEqual([name]);
    chmodSync(file, 0o600);
    expect(hook(home, event, { uid: user })).toEqual(SILENT);
    expect(recorded(home)).toEqual([{ n: 1 }]);
    expect(readdirSync(home.spool)).toEqual([]);
  });

  test('takes in what a process wrote whole and did not live to rename', () => {
    const home = temporaryHome();
    const name = spoolOne(home);
    letLedgerBeMade(home);
    const old = name.replace(/^\d{15}/, '000000000000001');
    renameSync(join(home.spool, name), join(home.spool, `${old}.part`));
    expect(cli(home, ['import']).status).toBe(0);
    expect(recorded(home)).toEqual([{ n: 1 }]);
    expect(readdirSync(home.spool)).toEqual([]);
  });

  for (const [what, ending, text] of [
    ['a file that was set aside', '.json.unreadable', 'x'],
    ['a file that holds no work', '.json', '{broken'],
    ['a torn file of a process that died', '.json.part', '{"batches":[{'],
  ] as const) {
    test(`doctor and verify see ${what}`, () => {
      const home = temporaryHome();
      mkdirSync(home.spool, { recursive: true });
      const name = `000000000000001-0000-1-a.event${ending}`;
      writeFileSync(join(home.spool, name), text);
      expect(cli(home, ['import']).status).toBe(0);
      const verified = cli(home, ['verify']);
      expect(verified.status).toBe(1);
      expect(verified.stdout).toContain(name);
      const checked = JSON.parse(cli(home, ['doctor', '--json']).stdout) as {
        findings: { check: string; state: string; message: string; fix: string }[];
      };
      const [finding] = checked.findings.filter(({ check }) => check === 'spool');
      expect(finding?.state).toBe('fail');
      expect(finding?.message).toContain(name);
      expect(finding?.fix).toContain('rm ');
    });
  }

  test('leaves no file behind where the disk is full', () => {
    const home = temporaryHome();
    mkdirSync(home.ledger, { recursive: true });
    // No file may have a byte: what is to be spooled can't be written.
    const transcript = join(home.projects, 's.jsonl');
    const line = {
      type: 'user',
      uuid: 'u',
      sessionId: 's',
      message: { content: 'x'.repeat(9000) },
    };
    writeFileSync(transcript, `${JSON.stringify(line)}\n`);
    for (let times = 0; times < 3; times++) {
      expect(hookOnFullDisk(home, { ...EVENT, transcript_path: transcript })).toBe(0);
    }
    const names = existsSync(home.spool) ? readdirSync(home.spool) : [];
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

function hookOnFullDisk(home: Home, event: object): number | null {
  const command = `trap '' XFSZ; ulimit -f 0; exec "$0" "$1"`;
  const { status } = spawnSync('bash', ['-c', command, process.execPath, hookFile], {
    input: JSON.stringify(event),
    env: home.env,
  });
  return status;
}
