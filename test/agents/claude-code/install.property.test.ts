import { createScanner, getNodeValue, parseTree } from 'jsonc-parser';
import { expect, test } from 'vitest';
import {
  type Added,
  type Edited,
  ASKING_HOOK,
  ENFORCING_HOOKS,
  RECORDING_HOOKS,
  addHooks,
  removeHooks,
} from '../../../src/agents/claude-code/settings/install.ts';
import { othersIn } from '../../../src/agents/shared/own-hooks.ts';
import { foreignSettings } from './arbitrary-settings.ts';
import { fc, runs } from '../../helpers/fast-check.ts';

const COMMAND = "'/opt/my node/bin/node' /x/dist/hooks/record.cjs";
const RUNS = runs(100);

function added(text: string, command = COMMAND): Added {
  const result = addHooks(text, command);
  if (!result.ok) throw new Error(result.message);
  return result;
}

function removed(...args: Parameters<typeof removeHooks>): Edited {
  const result = removeHooks(...args);
  if (!result.ok) throw new Error(result.message);
  return result;
}

function valueOf(text: string) {
  const root = parseTree(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
  return root === undefined ? {} : getNodeValue(root);
}

test('adding and removing gives the old text byte for byte', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const { text: after, undo } = added(text);
      expect(removed(after, JSON.parse(JSON.stringify(undo))).text).toBe(text);
    }),
    RUNS,
  );
});

test('so does adding what budgets need, at once or later, with and without what asks', () => {
  const enforcing = [...RECORDING_HOOKS, ...ENFORCING_HOOKS];
  const sets = fc.constantFrom(enforcing, [...enforcing, ASKING_HOOK]);
  fc.assert(
    fc.property(foreignSettings, sets, fc.boolean(), (text, hooks, isLater) => {
      const first = isLater ? added(text) : null;
      const then = addHooks(first?.text ?? text, COMMAND, hooks);
      if (!then.ok) throw new Error(then.message);
      // Recording alone asks for nothing more, and takes nothing away.
      expect(added(then.text)).toMatchObject({ changed: false, text: then.text });
      const again = addHooks(then.text, COMMAND, hooks);
      expect(again).toMatchObject({ ok: true, changed: false, text: then.text });
      const empty = { ...then.undo.empty, ...first?.undo.empty };
      const undo = { blank: first === null ? then.undo.blank : first.undo.blank, empty };
      expect(removed(then.text, undo).text).toBe(text);
    }),
    RUNS,
  );
});

test('nothing needs to be remembered where no place was there and empty', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const { text: after, undo } = added(text);
      fc.pre(undo.blank === null && Object.keys(undo.empty).length === 0);
      expect(removed(after).text).toBe(text);
    }),
    RUNS,
  );
});

test('adding twice changes nothing', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const once = added(text);
      expect(once.events).toEqual(RECORDING_HOOKS.map(({ event }) => event));
      const twice = added(once.text);
      expect({ text: twice.text, changed: twice.changed, events: twice.events }).toEqual({
        text: once.text,
        changed: false,
        events: [],
      });
    }),
    RUNS,
  );
});

test('every byte of the old text is still there, in order, and others stay first', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const after = added(text).text;
      expect(isSubsequence(withoutSpace(text), withoutSpace(after))).toBe(true);
      const [before, now] = [valueOf(text), valueOf(after)];
      expect(othersIn(now)).toBe(othersIn(before));
      for (const { event } of RECORDING_HOOKS) {
        const old = before.hooks?.[event] ?? [];
        expect(now.hooks[event].slice(0, old.length)).toEqual(old);
        expect(now.hooks[event]).toHaveLength(old.length + 1);
      }
    }),
    RUNS,
  );
});

test('a program that has moved is replaced in place, and only that', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const old = added(text, '/old/node /old/dist/hooks/record.cjs');
      const moved = added(old.text);
      expect(moved.text).toBe(added(text).text);
      expect(moved.events).toEqual([]);
      expect(removed(moved.text, old.undo).text).toBe(text);
    }),
    RUNS,
  );
});

test('what others write between adding and removing stays', () => {
  fc.assert(
    fc.property(foreignSettings, foreignSettings, fc.boolean(), (text, later, reformat) => {
      const { text: after, undo } = added(text);
      const edited = valueOf(after);
      // Somebody adds their hook behind ours in every list, and a property; maybe reformats.
      for (const event of Object.keys(edited.hooks)) {
        edited.hooks[event].push({ hooks: [{ type: 'command', command: 'later' }] });
      }
      edited.later = valueOf(later);
      const written = JSON.stringify(edited, null, reformat ? 4 : undefined);
      const left = removed(written, undo);
      expect(othersIn(valueOf(left.text))).toBe(othersIn(edited));
      expect(left.text).not.toContain('record.cjs');
      expect(left.events).toHaveLength(RECORDING_HOOKS.length);
    }),
    RUNS,
  );
});

test('comments written into our hooks never get in the way of removing them', () => {
  const comment = fc.constantFrom('/* why */', '// why\n', '\n/* a\n b */\n');
  fc.assert(
    fc.property(foreignSettings, fc.array(fc.tuple(fc.nat(), comment)), (text, comments) => {
      const { text: after, undo } = added(text);
      let edited = after;
      for (const [at, words] of comments) {
        const gaps = tokenStarts(edited);
        const gap = gaps[at % gaps.length] ?? 0;
        edited = edited.slice(0, gap) + words + edited.slice(gap);
      }
      const left = removed(edited, undo);
      expect(othersIn(valueOf(left.text))).toBe(othersIn(valueOf(text)));
      expect(left.text).not.toContain('record.cjs');
    }),
    RUNS,
  );
});

test('any text at all gives a result', () => {
  const broken = fc.tuple(foreignSettings, fc.nat(), fc.nat(3)).map(([text, at, size]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + text.slice(start + size);
  });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), broken), (text) => {
      const result = addHooks(text, COMMAND);
      const back = result.ok ? removed(result.text, result.undo).text : text;
      expect(back).toBe(text);
      expect(result.ok ? '' : result.message).toMatch(/^[^\n]*$/);
    }),
    RUNS,
  );
});

function tokenStarts(text: string): number[] {
  const scanner = createScanner(text, true);
  const starts: number[] = [];
  while (Number(scanner.scan()) !== 17) starts.push(scanner.getTokenOffset());
  return starts.filter((start) => text.charAt(start) !== '\uFEFF');
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '');
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const char of whole) if (part.startsWith(char, at)) at += char.length;
  return at === part.length;
}
