import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { transcripts } from '../../src/agents/claude-code/source.ts';
import { pathsBelow } from '../../src/sources/transcripts/tree.ts';
import { callHook } from '../helpers/hook.ts';
import { spawnHook } from '../helpers/program/run.ts';
import {
  faultsOf,
  importInto,
  recordsOf,
  temporaryFolder,
  temporaryLedger,
} from '../helpers/ledger.ts';
import { sharedFolder } from '../helpers/shared.ts';

const real = sharedFolder('real');
const traps = sharedFolder('traps');
const sets = [real, traps].flatMap((root) =>
  (root === null ? [] : readdirSync(root))
    .map((name) => [name, `${root}/${name}/projects`] as const)
    .filter(([, path]) => existsSync(path)),
);

/** With the built executable each line costs a process: the CI asks for it, a developer rarely. */
const isExecutable = process.env['TALLYHOOK_TEST_FEED'] === 'executable';
if (!isExecutable) {
  console.log('lines are fed to the hook in-process; TALLYHOOK_TEST_FEED=executable spawns it');
}

describe.skipIf(sets.length === 0)('fed line by line through the hook', () => {
  test.each(sets)('%s', { timeout: 1_800_000 }, (_name, source) => {
    const folder = temporaryFolder();
    const { db, path } = temporaryLedger(folder);
    for (const file of pathsBelow(source, (path) => transcripts.includes(path))) {
      const copy = join(folder, 'projects', relative(source, file));
      mkdirSync(dirname(copy), { recursive: true });
      const lines = readFileSync(file, 'latin1').split('\n');
      lines.forEach((line, index) => {
        const isLast = index === lines.length - 1;
        if (isLast && line === '') return;
        appendFileSync(copy, isLast ? line : `${line}\n`, 'latin1');
        const event = { ...eventFor(copy), hook_event_name: isLast ? 'SessionEnd' : 'PostToolUse' };
        const env = { TELEMETRY_DB_PATH: path };
        const silent = { status: 0, stdout: '', stderr: '' };
        if (!isExecutable) callHook(event, env);
        expect(isExecutable ? spawnHook(JSON.stringify(event), env) : silent).toEqual(silent);
      });
    }
    const { db: imported } = temporaryLedger();
    importInto(imported, join(folder, 'projects'));
    expect(recordsOf(db)).toEqual(recordsOf(imported));
    expect(faultsOf(db)).toEqual([]);
    expect(existsSync(join(folder, 'hook.log'))).toBe(false);
  });
});

/** What the client would send: a subagent's events name the main transcript. */
function eventFor(path: string): object {
  const match = /^(.*)\/([^/]+)\/subagents\//.exec(path);
  const main = match === null ? path : `${match[1]}/${match[2]}.jsonl`;
  return { session_id: 'fed', transcript_path: main, cwd: '/', tool_name: 'Bash' };
}
