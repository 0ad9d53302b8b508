import { createScanner, getNodeValue, parseTree } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { othersIn } from '../../../src/agents/shared/own-hooks.ts';
import { addHookGroups, removeHookGroups } from '../../../src/agents/shared/hook-groups.ts';
import { foreignSettings } from '../claude-code/arbitrary-settings.ts';
import { commandFor } from '../../helpers/agent-install.ts';
import { fc, runs } from '../../helpers/fast-check.ts';

const RUNS = runs(300);
const SOME = groupsFor(commandFor('droid'), ['PostToolUse', 'Stop']);
const ALL = groupsFor(commandFor('droid'), ['PostToolUse', 'Stop', 'SessionStart', 'PreToolUse']);

function groupsFor(command: string, events: string[]) {
  return events.map((event) => ({ event, group: { hooks: [{ type: 'command', command }] } }));
}

function valueOf(text: string) {
  const root = parseTree(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
  return root === undefined ? {} : getNodeValue(root);
}

/** The text of each comment; the numbers are the scanner's names for the end and for comments. */
function commentsIn(text: string): string[] {
  const scanner = createScanner(text);
  const comments: string[] = [];
  for (let kind = Number(scanner.scan()); kind !== 17; kind = Number(scanner.scan())) {
    const start = scanner.getTokenOffset();
    const isComment = kind === 12 || kind === 13;
    if (isComment) comments.push(text.slice(start, start + scanner.getTokenLength()));
  }
  return comments.sort();
}

test('adding and removing gives the old text byte for byte', () => {
  fc.assert(
    fc.property(foreignSettings, fc.constantFrom(SOME, ALL), (text, groups) => {
      const added = addHookGroups(text, 'hooks', groups);
      expect(removeHookGroups(added ?? text, 'hooks')).toBe(text);
    }),
    RUNS,
  );
});

test('adding in steps and removing gives the old text byte for byte', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const some = addHookGroups(text, 'hooks', SOME) ?? text;
      const all = addHookGroups(some, 'hooks', ALL) ?? some;
      expect(removeHookGroups(all, 'hooks')).toBe(text);
    }),
    RUNS,
  );
});

test("adding twice changes nothing, and other people's hooks and comments stay", () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const added = addHookGroups(text, 'hooks', ALL);
      expect(added).not.toBeNull();
      expect(addHookGroups(added, 'hooks', ALL)).toBeNull();
      expect(othersIn(valueOf(added ?? ''))).toBe(othersIn(valueOf(text)));
      expect(commentsIn(added ?? '')).toEqual(commentsIn(text));
    }),
    RUNS,
  );
});

test('lists at the top of a text: the same', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const added = addHookGroups(text, null, ALL);
      expect(removeHookGroups(added ?? text, null)).toBe(text);
    }),
    RUNS,
  );
});

test('any text is taken', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const added = addHookGroups(text, 'hooks', ALL);
      expect(removeHookGroups(added ?? text, 'hooks')).toBe(text);
    }),
    RUNS,
  );
});
