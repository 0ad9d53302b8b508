import { describe, expect, test } from 'vitest';
import {
  RECORDING_HOOKS,
  addHooks,
  removeHooks,
} from '../../../src/agents/claude-code/settings/install.ts';

const COMMAND = '/usr/bin/node /x/dist/hooks/record.cjs';
const EVENTS = RECORDING_HOOKS.map(({ event }) => event);

function add(text: string, command = COMMAND) {
  const result = addHooks(text, command);
  if (!result.ok) throw new Error(result.message);
  return result;
}

function remove(...args: Parameters<typeof removeHooks>) {
  const result = removeHooks(...args);
  if (!result.ok) throw new Error(result.message);
  return result;
}

const DOCUMENTS = {
  'no text': '',
  'white space': ' \r\n\t',
  'comments alone': '// to be filled\n/* later */',
  'an empty object': '{}',
  'an empty object and a line end': '{}\n',
  'an empty object over lines': '{\n}\n',
  'an empty object with a comment': '{ // nothing yet\n}',
  'one line': '{"model":"opus","env":{"A":"1"}}',
  'one line with a comma at the end': '{"model":"opus",}',
  'two spaces': '{\n  "model": "opus"\n}\n',
  tabs: '{\n\t"env": {\n\t\t"A": "1"\n\t}\n}\n',
  'four spaces and no line end': '{\n    "model": "opus"\n}',
  'CR LF': '{\r\n  "model": "opus", // mine\r\n}\r\n',
  'a byte order mark': '\uFEFF{\r\n  "model": "opus"\r\n}',
  'a byte order mark alone': '\uFEFF',
  'comments everywhere':
    '// top\n{ // open\n  /* key */ "model" /* a */ : /* b */ "opus" /* c */ // d\n  // end\n} // bottom',
  'empty hooks': '{\n  "hooks": {}\n}',
  'empty hooks over lines': '{\n  "hooks": {\n  },\n  "model": "opus"\n}',
  'empty hooks with a comment': '{\n  "hooks": { /* none */ }\n}',
  'empty lists': '{ "hooks": { "Stop": [], "PostToolUse": [ ] } }',
  'an empty list with a comment': '{\n  "hooks": {\n    "Stop": [\n      // none\n    ]\n  }\n}',
  'hooks of others':
    '{\n  "hooks": {\n    "Stop": [\n      { "hooks": [{ "type": "command", "command": "say done" }] } // bell\n    ]\n  }\n}\n',
  'hooks of others on one line':
    '{\n  "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "say done" }] }] }\n}\n',
  'hooks of others, commas at the end':
    '{\n  "hooks": {\n    "Stop": [\n      {\n        "hooks": [],\n      }, // bell\n    ], // stop\n  },\n}\n',
  'hooks that open beside their bracket':
    '{\n  "hooks": {\n    "PostToolUse": [{\n      "matcher": "Bash"\n    }]\n  }\n}',
  'hooks given twice': '{ "hooks": {}, "hooks": { "Stop": [] } }',
};

describe.each(Object.entries(DOCUMENTS))('%s', (_name, text) => {
  test('is back byte for byte after add and remove', () => {
    const { text: after, undo, events } = add(text);
    expect(events).toEqual(EVENTS);
    const back = remove(after, undo);
    expect(back.text).toBe(text);
    expect(back.events.toSorted()).toEqual(EVENTS.toSorted());
  });

  test('is not changed by adding twice', () => {
    const once = add(text).text;
    expect(add(once)).toMatchObject({ text: once, changed: false, events: [], updated: [] });
  });

  test('has nothing to remove', () => {
    expect(remove(text)).toEqual({ ok: true, text, changed: false, events: [] });
  });
});

test('additions are laid out as the file is, and leave the comments where they were', () => {
  const before = `{
    // bell
    "hooks": {
        "Stop": [
            { "hooks": [{ "type": "command", "command": "say done" }] } // loud
        ] // stop
        // end
    }
}
`;
  expect(add(before).text.split('\n').slice(0, 18).join('\n')).toMatchInlineSnapshot(`
    "{
        // bell
        "hooks": {
            "Stop": [
                { "hooks": [{ "type": "command", "command": "say done" }] }, // loud
                {
                    "hooks": [
                        {
                            "type": "command",
                            "command": "/usr/bin/node /x/dist/hooks/record.cjs",
                            "timeout": 10
                        }
                    ]
                }
            ], // stop
            "PostToolUse": [
                {
                    "matcher": "*","
  `);
});

const NOT_JSON = 'is not valid JSON';

test.each([
  [`${NOT_JSON} (line 1, column 6: colon expected)`, 'not-json', '{"a" 1}'],
  [`${NOT_JSON} (line 3, column 1: close brace expected)`, 'not-json', '{\n  "a": 1\n'],
  [`${NOT_JSON} (line 1, column 4: end of file expected)`, 'not-json', '{} {}'],
  [`${NOT_JSON} (line 1, column 3: unexpected end of comment)`, 'not-json', '{ /* }'],
  [`${NOT_JSON} (line 1, column 1: unexpected end of comment)`, 'not-json', '/*'],
  [`${NOT_JSON} (nested too deeply)`, 'not-json', '['.repeat(200_000)],
  ['does not hold a JSON object', 'not-an-object', '[]'],
  ['does not hold a JSON object', 'not-an-object', 'null'],
  ['has "hooks" that are not an object (array)', 'unexpected-hooks', '{"hooks": []}'],
  ['has "hooks" that are not an object (null)', 'unexpected-hooks', '{"hooks": null}'],
  ['has "hooks.Stop" that is not a list (object)', 'unexpected-hooks', '{"hooks": {"Stop": {}}}'],
])('refused: %s, %s', (message, reason, text) => {
  expect(addHooks(text, COMMAND)).toEqual({ ok: false, reason, message });
});

test('a command that could not be found again is refused', () => {
  expect(addHooks('{}', 'say hi')).toMatchObject({ ok: false, reason: 'foreign-command' });
});

test.each([
  ['{"disableAllHooks": true}', 'disabled'],
  ['{"disableAllHooks": false}', null],
  ['\uFEFF{"model": "opus"}', null],
  ['', null],
  ['{"model": "opus",}', 'not-strict-json'],
  ['{} // mine', 'not-strict-json'],
])('%j: whether the client will heed it', (text, reason) => {
  expect(add(text).ignoredFor).toBe(reason);
});

test('a program that has moved is replaced; variables, arguments and timeouts are kept', () => {
  const old =
    '{"hooks":{"Stop":[{"hooks":[{"type":"command","timeout":3,"command":"A=1 /old/node \'/old/dist/hooks/record.cjs\' --agent x"}]}]}}';
  const moved = add(old);
  expect(moved.updated).toEqual(['Stop']);
  expect(moved.events).toEqual(EVENTS.filter((event) => event !== 'Stop'));
  expect(moved.text).toContain(
    `"timeout":3,"command":"A=1 /usr/bin/node /x/dist/hooks/record.cjs --agent x"}]}]`,
  );
});

test('the same program in other quotes is not touched', () => {
  const text = add('{}', `"/usr/bin/node" --no-warnings "/x/dist/hooks/record.cjs"`).text;
  expect(add(text).changed).toBe(false);
});

test('a hook without a shell counts as there and goes with the others', () => {
  const exec =
    '{"hooks":{"Stop":[{"hooks":[{"command":"node","args":["/x/dist/hooks/record.cjs"]}]}]}}';
  expect(add(exec).events).not.toContain('Stop');
  expect(remove(exec).text).toBe('{}');
});

test('removing takes ours alone out of a group that others share', () => {
  const text = `{
  "hooks": {
    "Stop": [
      {
        "hooks": [
          { "type": "command", "command": "say one" }, // one
          { "type": "command", "command": "tallyhook-hook" }, // ours
          { "type": "command", "command": "say two" }
        ]
      }
    ],
    "PreToolUse": [{ "hooks": [{ "type": "command", "command": "tallyhook-hook --guard" }] }]
  }
}`;
  expect(remove(text).text).toMatchInlineSnapshot(`
    "{
      "hooks": {
        "Stop": [
          {
            "hooks": [
              { "type": "command", "command": "say one" }, // one
              // ours
              { "type": "command", "command": "say two" }
            ]
          }
        ]
      }
    }"
  `);
});

test('a comment among our hooks keeps its place', () => {
  const text = `{
  "hooks": {
    // recording
    "Stop": [
      // the last response
      { "hooks": [{ "type": "command", "command": "tallyhook-hook" }] }
    ]
  }
}`;
  expect(remove(text).text).toMatchInlineSnapshot(`
    "{
      "hooks": {
        // recording
        "Stop": [
          // the last response
        ]
      }
    }"
  `);
});

test('what was empty before is kept when others have edited since', () => {
  const { text, undo } = add('{\n  "hooks": {\n    "Stop": []\n  }\n}\n');
  const edited = text.replace('{\n', '{\n  "model": "opus",\n');
  expect(remove(edited, undo).text).toBe(
    '{\n  "model": "opus",\n  "hooks": {\n    "Stop": []\n  }\n}\n',
  );
  expect(remove(edited).text).toBe('{\n  "model": "opus"\n}\n');
});
