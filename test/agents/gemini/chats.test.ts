import { expect, test } from 'vitest';
import { chats, oldChats } from '../../../src/agents/gemini/chats.ts';
import { bareEvent } from '../../../src/agents/shared/events.ts';
import { fc, runs } from '../../helpers/fast-check.ts';
import { countsIn, entriesOf, requestsOf } from '../shared/lines.ts';

const HEADER = { sessionId: 'session-1', projectHash: 'x', startTime: '', kind: 'main' };
const TOKENS = { input: 100, output: 20, cached: 60, thoughts: 7, tool: 3, total: 130 };
const message = (id: string, more = {}) => ({
  id,
  timestamp: '2026-05-01T10:00:00.000Z',
  type: 'gemini',
  model: 'gemini-2.5-pro',
  tokens: TOKENS,
  content: 'ok',
  ...more,
});
const prompt = {
  id: 'u1',
  timestamp: '2026-05-01T09:59:59.000Z',
  type: 'user',
  content: [{ text: 'hi' }],
};

test('thoughts are output, cached tokens are not input, tools are', () => {
  const entries = entriesOf(chats, [HEADER, prompt, message('m1')]);
  expect(countsIn(entries)).toEqual([[43, 27, 60, 0]]);
  expect(requestsOf(entries)).toMatchObject([
    { messageId: 'm1', sessionId: 'session-1', thinkingTokens: 7, billing: { provider: 'google' } },
  ]);
  expect(entries[1]).toMatchObject({ type: 'user', isPrompt: true, uuid: 'u1' });
});

test('a message that is repeated with its tools is the same request', () => {
  const toolCalls = [
    {
      id: 't1',
      name: 'run_shell_command',
      args: { command: 'npm test' },
      status: 'error',
      result: [],
    },
    { id: 't2', name: 'read_file', args: { file_path: '/p/a.ts' }, status: 'success' },
  ];
  const entries = entriesOf(chats, [HEADER, message('m1'), message('m1', { toolCalls })]);
  const requests = requestsOf(entries);
  expect(requests.map(({ messageId }) => messageId)).toEqual(['m1', 'm1']);
  expect(requests[1]?.toolCalls).toMatchObject([
    { toolUseId: 't1', commandWord: 'npm' },
    { toolUseId: 't2', filePath: '/p/a.ts' },
  ]);
  expect(entries.at(-1)).toMatchObject({
    type: 'user',
    isPrompt: false,
    toolResults: [
      { toolUseId: 't1', isFailed: true },
      { toolUseId: 't2', isFailed: false },
    ],
  });
});

test('a resumed chat repeats what was said without tokens', () => {
  const before = [HEADER, prompt, message('m1')];
  const { tokens, ...repeated } = message('m1');
  const resumed = [
    HEADER,
    { $set: { sessionId: 'session-1' } },
    { $set: { messages: [prompt, repeated, { id: 'm1', type: 'user', content: [] }] } },
    repeated,
    message('m2', { tokens: { ...tokens, input: 200 } }),
  ];
  const entries = entriesOf(chats, [...before, ...resumed]);
  expect(requestsOf(entries).map(({ messageId }) => messageId)).toEqual(['m1', 'm2']);
});

test('a subagent lies in the folder of its session', () => {
  expect(chats.locate('/h/.gemini/tmp/p/chats/session-2026-05-01T10-00-abcdef01.jsonl')).toEqual({
    kind: 'main',
    sessionId: '',
    agentId: null,
  });
  expect(chats.locate('/h/.gemini/tmp/p/chats/session-1/sub-1.jsonl')).toEqual({
    kind: 'sidechain',
    sessionId: 'session-1',
    agentId: 'sub-1',
  });
  const header = { ...HEADER, sessionId: 'sub-1', kind: 'subagent', directories: ['/p'] };
  expect(requestsOf(entriesOf(chats, [header, message('m1')]))).toMatchObject([
    { sessionId: null, isAgentThread: true, agentId: 'sub-1', cwd: '/p' },
  ]);
  const event = {
    ...bareEvent('AfterTool'),
    sessionId: 'session-1',
    transcriptPath: '/h/.gemini/tmp/p/chats/session-x.jsonl',
  };
  expect(chats.eventFiles(event, { home: '/h', env: {} }).folders).toEqual([
    '/h/.gemini/tmp/p/chats/session-1',
  ]);
});

test('the project folder is in a file beside the chats', () => {
  const path = '/h/.gemini/tmp/p/chats/session-1/sub-1.jsonl';
  expect(chats.companionPaths?.(path)).toEqual(['/h/.gemini/tmp/p/.project_root']);
  const fold = {};
  chats.readCompanions?.(['/work/p\n'], fold);
  const [request] = requestsOf(entriesOf(chats, [HEADER, message('m1')], fold));
  expect(request?.cwd).toBe('/work/p');
});

test('before 0.39 a chat is one document with the same messages', () => {
  const path = '/h/.gemini/tmp/0a1b/chats/session-2025-12-01T10-00-abcdef01.json';
  expect([oldChats.includes(path), chats.includes(path)]).toEqual([true, false]);
  expect(oldChats.includes('/h/.gemini/tmp/0a1b/logs.json')).toBe(false);
  const text = JSON.stringify({
    ...HEADER,
    messages: [prompt, message('m1'), null, message('m2')],
  });
  const entries = oldChats.parseDocument(text, {});
  expect(requestsOf(entries).map(({ messageId }) => messageId)).toEqual(['m1', 'm2']);
  expect(countsIn(entries)[0]).toEqual([43, 27, 60, 0]);
});

test('never throws, whatever the text', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom('id', 'type', 'tokens', 'toolCalls', 'content', 'sessionId', 'messages'),
      fc.oneof(fc.jsonValue(), fc.constantFrom('gemini', 'user'), fc.constant([{ id: 'x' }])),
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), value)), (lines) => {
      expect(() => entriesOf(chats, lines)).not.toThrow();
      for (const line of lines) {
        expect(() => oldChats.parseDocument(JSON.stringify({ messages: line }), {})).not.toThrow();
      }
    }),
    runs(300),
  );
});
