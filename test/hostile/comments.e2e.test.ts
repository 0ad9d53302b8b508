import { writeFileSync } from 'node:fs';
import { type ParseError, parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { stripComments } from '../../src/sources/settings/strip-comments.ts';
import { hook } from '../helpers/program/run.ts';
import { temporaryHome, writeSettings } from '../helpers/home.ts';
import { settingsFile } from '../helpers/program/settings.ts';
import { fc } from '../helpers/fast-check.ts';

const gaps = fc.constantFrom(
  '',
  ' ',
  '\n\t',
  '/* x */',
  '// "x\n',
  '/**/',
  '// */ {\r\n',
  '/* " // */',
  '/***/',
);

/** Valid JSON with comments and trailing commas, written from a value. */
function written(value: unknown, gap: () => string): string {
  const around = (text: string): string => gap() + text + gap();
  const list = (items: string[], [open, close]: [string, string]): string => {
    const comma = items.length > 0 && gap() !== '' ? `,${gap()}` : '';
    return `${open}${items.join(',')}${comma}${close}`;
  };
  if (Array.isArray(value)) {
    return around(
      list(
        value.map((item) => written(item, gap)),
        ['[', ']'],
      ),
    );
  }
  if (typeof value !== 'object' || value === null) return around(JSON.stringify(value));
  const fields = Object.entries(value).map(
    ([name, item]) => `${around(JSON.stringify(name))}:${written(item, gap)}`,
  );
  return around(list(fields, ['{', '}']));
}

const marks = fc.string({ unit: fc.constantFrom(...'"\\/*,}]{[: \nax1') });

test('what jsonc-parser reads is read the same', () => {
  const values = fc.jsonValue({ stringUnit: fc.constantFrom(...'"\\/*,}] \nax') });
  fc.assert(
    fc.property(values, fc.infiniteStream(gaps), (given, stream) => {
      // Without -0, which JSON can't write.
      const value: unknown = JSON.parse(JSON.stringify(given));
      const text = written(value, () => stream.next().value as string);
      const errors: ParseError[] = [];
      expect(parse(text, errors, { allowTrailingComma: true })).toEqual(value);
      expect(errors).toEqual([]);
      expect(JSON.parse(stripComments(text))).toEqual(value);
    }),
    { numRuns: 1000 },
  );
});

test('strict JSON stays as it is, and nothing makes more of any text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 1);
      expect(stripComments(text)).toBe(text);
    }),
  );
  fc.assert(
    fc.property(marks, (text) => {
      expect(stripComments(text).length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});

// Of ten million characters anything but one pass takes hours.
test.each([
  ['quotes and backslashes', '"\\'],
  ['starts of comments', '/*x'],
  ['ends of none', '/*/'],
  ['commas and spaces', ', '],
  ['spaces', ' '],
  ['slashes', '/'],
  ['all of it', '"\\"/*'],
  ['quotes', '"'],
  ['line comments', '//\n,'],
  ['commas', ','],
])('%s without an end are passed over once', (_, piece) => {
  const text = `{,${piece.repeat(10_000_000 / piece.length)}`;
  expect(stripComments(text).length).toBeLessThanOrEqual(text.length);
});

test('the hook reads such settings as none, and records', () => {
  const home = temporaryHome();
  writeSettings(home, {});
  writeFileSync(settingsFile(home), `{${'"\\'.repeat(32 * 1024)}`);
  const event = { hook_event_name: 'Stop', session_id: 's', transcript_path: '/nope.jsonl' };
  expect(hook(home, event)).toMatchObject({ status: 0, signal: null, stdout: '' });
});
