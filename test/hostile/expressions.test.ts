import { describe, expect, test } from 'vitest';
import { parseOwnCommand } from '../../src/agents/shared/own-command.ts';
import { commandWord } from '../../src/agents/shared/command-word.ts';
import { addHooks } from '../../src/agents/claude-code/settings/install.ts';
import { canonicalModel } from '../../src/core/model/model-name.ts';
import { printable, printableLines } from '../../src/core/lang/printable.ts';
import { csvLine } from '../../src/render/text/csv.ts';
import { markdownText } from '../../src/render/text/markdown.ts';

/** Of so many characters the square takes hours. */
const MANY = 600_000;

// What is slower than the length of its text hangs here; nothing else is asked.
describe('long text from a stranger is read once', () => {
  test.each(['tallyhook-hook', '"tallyhook-hook"', "'\\"])(
    'a command that starts as %s',
    (start) => {
      for (const piece of [' ', '\t\n', '"\\', "'", '\\', ';', '&', '|| ', 'a=', '"', '2>&1 ']) {
        const command = start + piece.repeat(MANY / piece.length);
        expect(parseOwnCommand(`${command}\``)).toBe(null);
        expect([null, 'tallyhook-hook']).toContain(commandWord(command));
      }
    },
  );

  test('names, on their way to a terminal or a table', () => {
    for (const piece of [
      ' ',
      '\u202E',
      '\n',
      '\r',
      '`',
      '[',
      'www.',
      '://',
      '=',
      '\uD800',
      '👩\u200D',
    ]) {
      const text = piece.repeat(MANY / 4 / piece.length);
      for (const shown of [printable(text), printableLines(text), markdownText(text)]) {
        expect(shown.length).toBeGreaterThanOrEqual(text.length);
      }
      expect(csvLine([text]).length).toBeGreaterThan(text.length);
      expect(typeof canonicalModel(text.slice(0, 1024))).toBe('string');
    }
  });

  test('settings that are comments and empty lines alone', () => {
    const text = `// a${'\n'.repeat(MANY / 4)}// b`;
    const added = addHooks(text, 'tallyhook-hook');
    expect(added).toMatchObject({ ok: true, changed: true });
  });
});
