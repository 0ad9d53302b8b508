import { RECORDING_HOOKS } from '../../../src/agents/claude-code/settings/install.ts';
import { fc } from '../../helpers/fast-check.ts';

/** White space and comments between two tokens; a line comment ends its line. */
const trivia = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', ' ', '\n', '\n  ', '\n\t\t', '  ') },
  { weight: 1, arbitrary: fc.constantFrom('/* , ] } */', '/* a\n b */', ' // "x": [\n', '//\n\n') },
);
const scalar = fc.constantFrom(
  '1',
  '-0.5e3',
  'true',
  'null',
  '""',
  '"a // b"',
  '"\\u00e9\\n/*"',
  '"é😀"',
);
const name = fc.constantFrom(
  '"model"',
  '"env"',
  '"permissions"',
  '"x y"',
  '"hooks2"',
  '"__proto__"',
  '""',
);

function list(open: string, items: fc.Arbitrary<string>, close: string, max = 3) {
  const spaced = fc.tuple(trivia, items, trivia).map((parts) => parts.join(''));
  const some = fc.tuple(
    fc.array(spaced, { minLength: 1, maxLength: max }),
    fc.constantFrom('', ','),
    trivia,
  );
  return fc.oneof(
    trivia.map((inside) => open + inside + close),
    some.map(([all, comma, end]) => open + all.join(',') + comma + end + close),
  );
}

function property(key: fc.Arbitrary<string>, value: fc.Arbitrary<string>) {
  return fc.tuple(key, trivia, trivia, value).map(([k, a, b, v]) => `${k}${a}:${b}${v}`);
}

const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalar,
    list('{', property(name, tie('value')), '}'),
    list('[', tie('value'), ']'),
  ),
})).value;

const foreignEntry = list(
  '{',
  fc.oneof(
    property(fc.constant('"command"'), fc.constantFrom('"say hi"', '"echo tallyhook-hook"', '1')),
    property(fc.constant('"type"'), fc.constant('"command"')),
    property(name, scalar),
  ),
  '}',
);
const foreignGroup = list(
  '{',
  fc.oneof(
    property(fc.constant('"matcher"'), fc.constant('"Bash"')),
    property(fc.constant('"hooks"'), list('[', foreignEntry, ']')),
  ),
  '}',
);
const eventName = fc.constantFrom(
  ...RECORDING_HOOKS.map(({ event }) => JSON.stringify(event)),
  '"PreToolUse"',
);
const hooks = list('{', property(eventName, list('[', foreignGroup, ']')), '}', 4);
const document = list(
  '{',
  fc.oneof(
    { weight: 2, arbitrary: property(fc.constant('"hooks"'), hooks) },
    { weight: 3, arbitrary: property(name, value) },
  ),
  '}',
);

/** Settings as somebody may have written them: valid JSONC in any layout, no hook of ours in it. */
export const foreignSettings = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    trivia,
    fc.oneof({ weight: 20, arbitrary: document }, { weight: 1, arbitrary: fc.constant('') }),
    trivia,
    fc.constantFrom('\n', '\r\n', '\r'),
  )
  .map(([bom, a, text, b, eol]) => bom + (a + text + b).replaceAll('\n', eol));
