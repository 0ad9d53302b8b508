import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  isOwnProgram,
  parseOwnCommand,
  shellCommand,
} from '../../../src/agents/shared/own-command.ts';

test.each([
  ['tallyhook-hook', ['tallyhook-hook']],
  ['  tallyhook-hook --agent codex', ['tallyhook-hook']],
  ['/usr/local/bin/tallyhook-hook', ['/usr/local/bin/tallyhook-hook']],
  ['"$HOME/.npm/bin/tallyhook-hook"', ['$HOME/.npm/bin/tallyhook-hook']],
  ['npx --no-install tallyhook-hook', ['npx', 'tallyhook-hook']],
  ['/x/dist/hooks/record.cjs', ['/x/dist/hooks/record.cjs']],
  ['/usr/bin/node /x/dist/hooks/record.cjs', ['/usr/bin/node', '/x/dist/hooks/record.cjs']],
  ["'/a b/node' '/x y/dist/hooks/record.cjs'", ['/a b/node', '/x y/dist/hooks/record.cjs']],
  [String.raw`node /x\ y/dist/hooks/record.cjs`, ['node', '/x y/dist/hooks/record.cjs']],
  [
    String.raw`'C:\node\node.exe' 'C:\t\dist\hooks\record.cjs'`,
    [String.raw`C:\node\node.exe`, String.raw`C:\t\dist\hooks\record.cjs`],
  ],
  ['node --no-warnings /x/dist/hooks/record.cjs', ['node', '/x/dist/hooks/record.cjs']],
  ['TALLYHOOK_DISABLE=1 exec tallyhook-hook', ['tallyhook-hook']],
  ['env A=1 tallyhook-hook 2>/dev/null || true', ['tallyhook-hook']],
  ['tallyhook-hook >/dev/null 2>&1 &', ['tallyhook-hook']],
])('ours: %s', (command, program) => {
  expect(parseOwnCommand(command)?.program).toEqual(program);
});

test.each([
  '',
  'say hi',
  'echo tallyhook-hook',
  'my-tallyhook-hook',
  'tallyhook-hook-2',
  'cat tallyhook-hook.log',
  'node ~/.claude/hooks/record.cjs',
  '$CLAUDE_PROJECT_DIR/.claude/hooks/record.cjs',
  'node x.js dist/hooks/record.cjs',
  'tallyhook-hook && say hi',
  'tallyhook-hook; say hi',
  'say hi; tallyhook-hook',
  'tallyhook-hook | tee log',
  'tallyhook-hook & say hi',
  "'tallyhook-hook",
])('not ours: %s', (command) => {
  expect(parseOwnCommand(command)).toBeNull();
});

test('a command without a shell is ours by its words', () => {
  expect(isOwnProgram(['node', '/x/dist/hooks/record.cjs', '--agent', 'codex'])).toBe(true);
  expect(isOwnProgram(['node', '/x/dist/other.cjs'])).toBe(false);
});

test.each([
  [['/usr/bin/node', '/x/dist/hooks/record.cjs'], '/usr/bin/node /x/dist/hooks/record.cjs'],
  [['/opt/my node/node', '/x'], "'/opt/my node/node' /x"],
  [["/it's/node", '/$HOME/`x`'], String.raw`'/it'\''s/node' '/$HOME/` + "`x`'"],
])('the shell takes %j apart again', (words, command) => {
  expect(shellCommand(words)).toBe(command);
  const echoed = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
  expect(echoed.split('\n').slice(0, -1)).toEqual(words);
});

test('the program of a quoted command is found where it was written', () => {
  const command = shellCommand(["/it's/my node/node", '/x y/dist/hooks/record.cjs']);
  expect(parseOwnCommand(`${command} --agent codex`)).toEqual({
    program: ["/it's/my node/node", '/x y/dist/hooks/record.cjs'],
    start: 0,
    end: command.length,
  });
});
