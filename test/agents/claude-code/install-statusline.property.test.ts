import { parseTree, getNodeValue } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { addHooks, removeHooks } from '../../../src/agents/claude-code/settings/install.ts';
import {
  type StatuslineEdit,
  addStatusline,
  removeStatusline,
} from '../../../src/agents/claude-code/settings/install-statusline.ts';
import { foreignSettings } from './arbitrary-settings.ts';
import { fc, runs } from '../../helpers/fast-check.ts';

const HOOK = '/usr/bin/node /x/dist/hooks/record.cjs';
const PROGRAM = ['/opt/my node/bin/node', '/x/dist/hooks/statusline.cjs'];
const RUNS = runs(100);

function edited(result: ReturnType<typeof addStatusline>): StatuslineEdit {
  if (!result.ok) throw new Error(result.message);
  return result;
}

function hooked(text: string): string {
  const added = addHooks(text, HOOK);
  if (!added.ok) throw new Error(added.message);
  return added.text;
}

/** A string literal with escapes that nobody has to write. */
const literal = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        ' ',
        '~/line.sh',
        "'",
        '$HOME',
        '|',
        ';',
        'é',
        '😀',
        '\\"',
        '\\\\',
        '\\n',
      ),
      fc.constantFrom('\\u0041', '\\/', '\\t'),
    ),
    { maxLength: 8 },
  )
  .map((parts) => `"${parts.join('')}"`);

/** Settings with a status line of somebody else's. */
const withLine = fc
  .tuple(foreignSettings, literal, fc.constantFrom('', ' ', '\n\t', '/* c */'), fc.boolean())
  .map(([text, command, space, isLast]) => {
    const bare = hooked(text);
    const at = bare.indexOf('{') + 1;
    const type = `"type":${space}"command"`;
    const inner = isLast
      ? `${type},${space}"command":${command}`
      : `"command"${space}:${command},${type}`;
    return {
      text: `${bare.slice(0, at)}"statusLine":{${space}${inner}},${bare.slice(at)}`,
      command,
    };
  });

test('a status line of ours comes and goes byte for byte', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const before = hooked(text);
      const line = edited(addStatusline(before, PROGRAM, true));
      expect(line.kind).toBe('added');
      expect(edited(addStatusline(line.text, PROGRAM, true))).toMatchObject({
        kind: 'none',
        text: line.text,
      });
      const moved = edited(addStatusline(line.text, ['/new/node', PROGRAM[1] ?? ''], false));
      expect(moved.kind).toBe('updated');
      for (const now of [line, moved]) {
        expect(edited(removeStatusline(now.text, null))).toMatchObject({
          kind: 'removed',
          text: before,
        });
      }
      // With the hooks out as well nothing is left of either.
      const bare = removeHooks(edited(removeStatusline(line.text, null)).text);
      expect(bare.ok && bare.text).not.toContain('/x/dist/hooks');
    }),
    RUNS,
  );
});

test("somebody else's is kept inside ours, and comes back byte for byte", () => {
  fc.assert(
    fc.property(withLine, ({ text, command }) => {
      expect(edited(addStatusline(text, PROGRAM, false))).toMatchObject({ kind: 'none', text });
      const line = edited(addStatusline(text, PROGRAM, true));
      expect(line).toMatchObject({ kind: 'wrapped', raw: command });
      expect(edited(addStatusline(line.text, PROGRAM, true))).toMatchObject({ kind: 'none' });
      expect(edited(removeStatusline(line.text, line.raw)).text).toBe(text);
      // Without its literal the same command, quoted anew.
      const again = edited(removeStatusline(line.text, null)).text;
      expect(valueOf(again)).toEqual(valueOf(text));
    }),
    RUNS,
  );
});

test('a status line without a command is refused, and left alone', () => {
  for (const text of ['{"statusLine": 1}', '{"statusLine": {"type": "command"}}']) {
    expect(addStatusline(text, PROGRAM, true)).toMatchObject({ ok: false });
    expect(addStatusline(text, PROGRAM, false)).toMatchObject({ ok: true, kind: 'none', text });
    expect(removeStatusline(text, null)).toMatchObject({ ok: true, kind: 'none', text });
  }
});

function valueOf(text: string): unknown {
  const root = parseTree(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
  return root === undefined ? undefined : getNodeValue(root);
}
