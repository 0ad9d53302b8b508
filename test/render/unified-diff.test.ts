import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/render/text/unified-diff.ts';
import { fc } from '../helpers/fast-check.ts';

test('changed lines stand between three lines of context', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n';
  const after = 'a\nb\nc\nd\nE\nf\ng\nh\ni\nj\nk\n';
  expect(unifiedDiff('x.json', before, after)).toMatchInlineSnapshot(`
    "--- x.json
    +++ x.json
    @@ -2,9 +2,10 @@
     b
     c
     d
    -e
    +E
     f
     g
     h
     i
     j
    +k
    "
  `);
});

test.each([
  ['the same', 'a\n', 'a\n', ''],
  ['a new file', null, 'a\n', '--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n'],
  [
    'a file that goes',
    'a',
    null,
    '--- f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n\\ No newline at end of file\n',
  ],
  ['a line end', 'a\r\nb\n', 'a\nb\n', '--- f\n+++ f\n@@ -1,2 +1,2 @@\n-a\r\n+a\n b\n'],
])('%s', (_name, before, after, diff) => {
  expect(unifiedDiff('f', before, after)).toBe(diff);
});

const PATCH = '/usr/bin/patch';

test.runIf(existsSync(PATCH))('patch makes the one text of the other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-diff-'));
  const line = fc.constantFrom('a\n', 'b\n', '\n', 'c\r\n');
  const text = fc
    .tuple(fc.array(line), fc.constantFrom('', 'end'))
    .map((parts) => parts.flat().join(''));
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && before !== '' && after !== '');
        const path = join(folder, 'file');
        writeFileSync(path, before);
        const input = unifiedDiff(path, before, after);
        execFileSync(PATCH, ['--binary', '--silent', path], { input });
        expect(readFileSync(path, 'utf8')).toBe(after);
      }),
      { numRuns: 50 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
