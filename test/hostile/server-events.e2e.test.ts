import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { recordedIds } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';

/** What a clone may bring, by the path of a file in it. */
const TRAPS: [string, string][] = [
  ['.tallyhook.json', '/proc/self/pagemap'],
  ['.tallyhook.json', '/dev/zero'],
  ['.tallyhook.json', 'fifo'],
  ['.claude/settings.json', '/proc/self/pagemap'],
  ['.claude/settings.json', 'fifo'],
  ['.claude/settings.local.json', '/dev/zero'],
  ['.git', 'fifo'],
  ['.git', '/dev/zero'],
  ['.git', '/proc/self/pagemap'],
  ['.git/HEAD', 'fifo'],
  ['.git/HEAD', '/dev/zero'],
  ['.git/HEAD', '/proc/self/pagemap'],
];

/** A session's folder with a trap in it. */
function clone(home: Home, [name, target]: [string, string], number: number): string {
  const folder = join(home.folder, `clone-${number}`);
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  if (target === 'fifo') spawnSync('mkfifo', [path]);
  else symlinkSync(target, path);
  if (name.startsWith('.git/')) writeFileSync(join(folder, '.git/config'), '');
  return folder;
}

describe.skipIf(process.platform !== 'linux')('an event from a hostile clone', () => {
  test.each(TRAPS)('with %s leading to %s: the server answers it, and goes on', async (...trap) => {
    const home = temporaryHome();
    const args = ['--limit', '20', '--per', 'day', '--branch', 'main'];
    expect(cli(home, ['budget', 'set', 'daily', ...args])).toMatchObject({ status: 0 });
    const served = await Served.start(home, ['--no-refresh']);
    // It should not take the machine's memory with it where it fails.
    spawnSync('prlimit', [`--pid=${served.child.pid}`, '--data=3000000000']);
    const cwd = clone(home, trap, 1);
    const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'm1', cwd }));
    for (const name of ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'Stop']) {
      const event = toolEvent('s1', path, { hook_event_name: name, cwd, prompt: 'x' });
      const answer = await within(served.hook(event), `${name} is not answered`);
      expect(answer.status, name).toBe(200);
    }
    const good = append(transcriptPath(home, 's2'), request({ session: 's2', id: 'm2' }));
    const next = await within(served.hook(toolEvent('s2', good)), 'the next one is not answered');
    expect(next.status).toBe(200);
    await within(served.get('/api/costs/summary'), 'a report is not answered');
    expect(served.child.exitCode).toBe(null);
    expect(recordedIds(home).toSorted()).toEqual(['m1', 'm2']);
    expect(served.stderr).toBe('');
  });
});

/** Far beyond what it takes; a server that has ended refuses the connection before. */
async function within<Value>(work: Promise<Value>, otherwise: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), 30_000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
