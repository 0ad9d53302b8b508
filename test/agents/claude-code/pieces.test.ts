import { describe, expect, test } from 'vitest';
import {
  attachmentPieces,
  responsePieces,
  userPieces,
} from '../../../src/agents/claude-code/pieces.ts';
import type { Piece } from '../../../src/core/attribution/step.ts';

const UUID = '0123456789ab-cdef';
const BASE64 = 'A'.repeat(40_000);
const user = (content: unknown, rest: object = {}): Piece[] =>
  userPieces({ type: 'user', message: { role: 'user', content }, ...rest }, UUID);
const result = (content: unknown): object => ({
  type: 'tool_result',
  tool_use_id: 'toolu_1',
  content,
});

describe('a response', () => {
  test.each<[string, object, Piece[]]>([
    ['text', { type: 'text', text: 'Hello' }, [['x', '01234567', 5]]],
    [
      'thinking',
      { type: 'thinking', thinking: 'Hm.', signature: 'A'.repeat(90) },
      [['t', '01234567', 3]],
    ],
    [
      'sealed thinking',
      { type: 'thinking', thinking: '', signature: 'A'.repeat(8) },
      [['t', '01234567', 6]],
    ],
    [
      'redacted thinking',
      { type: 'redacted_thinking', data: 'A'.repeat(8) },
      [['t', '01234567', 6]],
    ],
    [
      'a tool call: its name and its input',
      { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { a: 'xyz' } },
      [['c', 'toolu_1', 4 + 12]],
    ],
    [
      'a call of a server tool',
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      [['w', 'web_search', 12]],
    ],
    [
      'its result',
      {
        type: 'web_search_tool_result',
        tool_use_id: 's',
        content: [{ type: 'text', text: 'found' }],
      },
      [['v', 'web_search', 5]],
    ],
    ['a mark of the client', { type: 'fallback' }, []],
  ])('%s', (_, block, pieces) => {
    expect(responsePieces([block], UUID)).toEqual(pieces);
  });

  test('blocks of one line are told apart', () => {
    const blocks = ['a', 'bc'].map((text) => ({ type: 'text', text }));
    expect(responsePieces(blocks, UUID)).toEqual([
      ['x', '01234567', 1],
      ['x', '01234567.1', 2],
    ]);
  });

  test('anything else is nothing', () => {
    for (const content of [undefined, null, 'text', 3, [null, 4, {}, { type: 7 }]]) {
      expect(responsePieces(content, null)).toEqual([]);
    }
  });
});

describe('a user line', () => {
  test.each<[string, unknown, object, Piece[]]>([
    ['a prompt', 'Hello', {}, [['p', '01234567', 5]]],
    ['a prompt in blocks', [{ type: 'text', text: 'Hello' }], {}, [['p', '01234567', 5]]],
    [
      'a prompt with an image',
      [
        { type: 'text', text: 'Look' },
        { type: 'image', source: { data: BASE64 } },
      ],
      {},
      [['p', '01234567', 6004]],
    ],
    ['a summary', 'So far', { isCompactSummary: true }, [['m', '', 6]]],
    ['a result of text', [result('done')], {}, [['r', 'toolu_1', 4]]],
    [
      'a result in blocks',
      [
        result([
          { type: 'text', text: 'do' },
          { type: 'text', text: 'ne' },
        ]),
      ],
      {},
      [['r', 'toolu_1', 4]],
    ],
    [
      'a result with an image',
      [result([{ type: 'image', source: { data: BASE64 } }])],
      {},
      [['r', 'toolu_1', 6000]],
    ],
    [
      'a result with a document',
      [result([{ type: 'document', source: { data: BASE64 } }])],
      {},
      [['r', 'toolu_1', 12_000]],
    ],
    [
      'tools that were looked up: their definitions come with them',
      [result([{ type: 'tool_reference', tool_name: 'WebFetch' }])],
      {},
      [['r', 'toolu_1', 2600]],
    ],
    [
      'a reminder beside a result',
      [result('done'), { type: 'text', text: 'Careful' }],
      {},
      [
        ['r', 'toolu_1', 4],
        ['a', '', 7],
      ],
    ],
    ['what the client says', 'Continue.', { isMeta: true }, [['a', '', 9]]],
    [
      "a skill's text",
      [{ type: 'text', text: 'Poems' }],
      { isMeta: true, sourceToolUseID: 'toolu_2' },
      [['k', 'toolu_2', 5]],
    ],
    [
      'what a hook said at the end of a turn',
      'Stop hook feedback:\nGo on',
      { isMeta: true },
      [['h', '', 25]],
    ],
    ['nothing', '', {}, []],
  ])('%s', (_, content, rest, pieces) => {
    expect(user(content, rest)).toEqual(pieces);
  });

  test("a background task's report is its call's, not the user's", () => {
    const report =
      '<task-notification>\n<task-id>a1</task-id>\n<tool-use-id>toolu_3</tool-use-id>\n' +
      '<result>Found it.</result>\n</task-notification>';
    expect(user(report)).toEqual([['k', 'toolu_3', report.length]]);
    expect(user([{ type: 'text', text: report }])).toEqual([['k', 'toolu_3', report.length]]);
    expect(attachmentPieces({ type: 'queued_command', prompt: report }, UUID)).toEqual([
      ['k', 'toolu_3', report.length],
    ]);
    const unnamed = '<task-notification>\n<task-id>a1</task-id>\n</task-notification>';
    expect(user(unnamed)).toEqual([['a', '', unnamed.length]]);
  });
});

describe('an attachment', () => {
  const file = (content: object): object => ({ type: 'file', filename: '/a.md', content });
  test.each<[string, object, Piece[]]>([
    ['a file', file({ type: 'text', file: { content: 'x'.repeat(100) } }), [['a', '/a.md', 139]]],
    [
      'an image: not its bytes',
      file({ type: 'image', file: { base64: BASE64 } }),
      [['a', '/a.md', 6000]],
    ],
    [
      'a document: not its bytes',
      file({ type: 'pdf', file: { base64: BASE64 } }),
      [['a', '/a.md', 12_000]],
    ],
    [
      'an edited file',
      { type: 'edited_text_file', filename: '/a.md', snippet: '1 a' },
      [['a', '/a.md', 3]],
    ],
    [
      'memory of a folder',
      {
        type: 'nested_memory',
        path: '/b/CLAUDE.md',
        content: { path: '/b/CLAUDE.md', content: 'xyz' },
      },
      [['a', '/b/CLAUDE.md', 40]],
    ],
    [
      'instructions: each file',
      {
        type: 'instructions',
        files: [
          { path: '/CLAUDE.md', type: 'Project', content: 'abcde' },
          { path: '/home/CLAUDE.md', content: 'xy' },
        ],
      },
      [
        ['a', '/CLAUDE.md', 5],
        ['a', '/home/CLAUDE.md', 2],
      ],
    ],
    [
      'lists of tools',
      {
        type: 'deferred_tools_delta',
        addedNames: ['A', 'B'],
        addedLines: ['A', 'B'],
        removedNames: [],
      },
      [['s', '', 2]],
    ],
    ['lists of skills', { type: 'skill_listing', content: '- a: A', names: ['a'] }, [['s', '', 6]]],
    [
      "the client's own announcements",
      { type: 'model', identity: { modelId: 'm' }, text: 'You are m.' },
      [['s', '', 10]],
    ],
    ['of its surroundings', { type: 'environment', snapshot: { a: 'b' } }, [['s', '', 10]]],
    ['of tokens', { type: 'total_tokens_reminder', text: '9 left' }, [['s', '', 6]]],
    [
      'a prompt while the agent worked',
      { type: 'queued_command', prompt: 'And this' },
      [['p', '01234567', 8]],
    ],
    [
      'in blocks',
      { type: 'queued_command', prompt: [{ type: 'text', text: 'And' }] },
      [['p', '01234567', 3]],
    ],
    [
      "a hook's context",
      { type: 'hook_additional_context', content: ['abc', 'de'] },
      [['h', '', 5]],
    ],
    [
      "a hook's refusal: the model reads the command and the reason",
      { type: 'hook_blocking_error', blockingError: { blockingError: 'No.', command: 'deny' } },
      [['h', '', 7]],
    ],
    [
      'what a hook printed at the start',
      { type: 'hook_success', hookEvent: 'SessionStart', content: 'abc', stdout: 'abc\n' },
      [['h', '', 3]],
    ],
    [
      'what a hook printed after a tool stays with the user',
      { type: 'hook_success', hookEvent: 'PostToolUse', content: 'abc', stdout: 'abc' },
      [],
    ],
    ["a hook's message is the user's", { type: 'hook_system_message', content: 'abc' }, []],
    ['permissions are nobody’s', { type: 'command_permissions', allowedTools: [] }, []],
    [
      'a snapshot of what is sent anyway',
      { type: 'prompt_snapshot', systemPrompt: ['abc'], tools: [{}] },
      [],
    ],
  ])('%s', (_, attachment, pieces) => {
    expect(attachmentPieces(attachment, UUID)).toEqual(pieces);
  });

  test('anything else is nothing', () => {
    for (const value of [null, 3, 'a', [], {}, { type: 3 }]) {
      expect(attachmentPieces(value, null)).toEqual([]);
    }
  });
});
