import { bareEvent } from '../../../src/agents/shared/events.ts';
import { describe, expect, test } from 'vitest';
import { cline, clineSetup } from '../../../src/agents/cline/index.ts';
import { sessionMessages } from '../../../src/agents/cline/messages.ts';
import type { Entry, RequestEntry } from '../../../src/core/transcript/entry.ts';
import { countsOf, recordsBelow } from '../../helpers/agent-files.ts';
import { agentRuns, eventIn, withoutModels } from '../../helpers/agent-runs.ts';
import { commandFor, expectToBeUndone } from '../../helpers/agent-install.ts';
import { fc } from '../../helpers/fast-check.ts';

const runs = agentRuns('cline');
const PLACE = { home: '/h', env: {} };
const AT_MS = Date.parse('2026-11-30T10:00:00Z');

const PROMPT = { id: 'msg_1', role: 'user', content: [{ type: 'text', text: 'Hi' }], ts: AT_MS };
const ANSWER = {
  id: 'msg_2',
  role: 'assistant',
  content: [
    { type: 'tool_use', id: 'call_1', name: 'run_commands', input: { commands: ['git status'] } },
    { type: 'tool_use', id: 'call_2', name: 'read_file', input: { path: 'a.ts' } },
  ],
  ts: AT_MS + 1000,
  modelInfo: { id: 'gpt-5.4', provider: 'openai-native' },
  metrics: { inputTokens: 1000, outputTokens: 50, cacheReadTokens: 600, cacheWriteTokens: 100 },
};
const RESULTS = {
  id: 'msg_3',
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 'call_1', content: [{ success: false }] }],
  ts: AT_MS + 2000,
};

function parse(messages: unknown[], fold = {}): Entry[] {
  const document = { sessionId: 's', origin: { version: '3.0.65' }, messages };
  return sessionMessages.parseDocument(JSON.stringify(document), fold);
}

function requestsIn(messages: unknown[]): RequestEntry[] {
  return parse(messages).filter((entry) => entry.type === 'request');
}

describe('recorded runs', () => {
  test.each(runs)('$name: every request once', ({ home, expected }) => {
    const records = recordsBelow('cline', cline.sources, home);
    // Cache writes over Chat Completions stay in the input.
    const visible = expected.map((request) => {
      return { ...request, input: request.input + request.cacheWrite, cacheWrite: 0 };
    });
    expect(withoutModels(countsOf(records))).toEqual(withoutModels(visible));
    expect(new Set(records.map(({ modelRaw }) => modelRaw))).toEqual(new Set(['gpt-5.4']));
    expect(new Set(records.map(({ claim }) => claim.cwd))).toEqual(new Set(['/home/user/project']));
  });
});

describe('messages', () => {
  test('cached tokens are part of the input', () => {
    expect(requestsIn([ANSWER])[0]?.parsed.usage).toMatchObject({
      inputTokens: 300,
      outputTokens: 50,
      cacheReadTokens: 600,
      cacheWrite5mTokens: 100,
    });
  });

  test('a request has its prompt, folder, version, provider and tools', () => {
    const request = parse([PROMPT, ANSWER], { cwd: '/work/a' }).at(-1);
    expect(request).toMatchObject({
      promptId: 'msg_1',
      cwd: '/work/a',
      clientVersion: '3.0.65',
      billing: { provider: 'openai', chargedNanoUsd: null },
      toolCalls: [
        { toolUseId: 'call_1', name: 'run_commands', commandWord: 'git' },
        { toolUseId: 'call_2', filePath: 'a.ts' },
      ],
    });
  });

  test('tool results are not a prompt', () => {
    expect(parse([RESULTS])[0]).toMatchObject({
      type: 'user',
      isPrompt: false,
      toolResults: [{ toolUseId: 'call_1', isFailed: true }],
    });
    expect(requestsIn([PROMPT, RESULTS, ANSWER])[0]?.promptId).toBe('msg_1');
  });

  test('what a subagent is asked is not a prompt', () => {
    const origin = { mode: 'subagent', parentThreadId: '17_ab' };
    const text = JSON.stringify({ origin, messages: [PROMPT, ANSWER] });
    const entries = sessionMessages.parseDocument(text, {});
    expect(entries[0]).toMatchObject({ type: 'user', isPrompt: false, promptId: null });
    expect(entries[1]).toMatchObject({ type: 'request', promptId: null });
  });

  test('a document that has grown repeats its requests under the same ids', () => {
    const later = { ...ANSWER, id: 'msg_4', ts: AT_MS + 3000 };
    const first = requestsIn([PROMPT, ANSWER]).map(({ messageId }) => messageId);
    const all = requestsIn([PROMPT, ANSWER, RESULTS, later]).map(({ messageId }) => messageId);
    expect(all.slice(0, 1)).toEqual(first);
    expect(new Set(all).size).toBe(2);
  });

  test('a session that is read as it grows gives what one reading gives', () => {
    const messages = Array.from({ length: 24 }, (_, n) => {
      const common = { id: `msg_${n}`, ts: AT_MS + n * 1000 };
      return n % 6 === 0 ? { ...PROMPT, ...common } : { ...ANSWER, ...common };
    });
    const lengths = fc.array(fc.integer({ min: 1, max: messages.length }), { maxLength: 6 });
    fc.assert(
      fc.property(lengths, (cuts) => {
        const fold = {};
        const found = new Map<string | null, unknown>();
        for (const length of [...cuts.toSorted((a, b) => a - b), messages.length]) {
          // The usage of the message that is being written is not known yet.
          const written: unknown[] = messages.slice(0, length);
          if (length < messages.length)
            written[length - 1] = { ...ANSWER, id: `msg_${length - 1}`, metrics: {} };
          for (const entry of parse(written, fold)) {
            if (entry.type === 'request') found.set(entry.messageId, entry);
          }
        }
        expect([...found.values()]).toEqual(requestsIn(messages));
      }),
    );
  });

  test('only the last messages of a long session are read again, unless an earlier one changed', () => {
    const messages = Array.from({ length: 50 }, (_, n) => {
      return { ...ANSWER, id: `msg_${n}`, ts: AT_MS + n * 1000 };
    });
    const fold = {};
    expect(parse(messages.slice(0, 40), fold)).toHaveLength(40);
    expect(parse(messages, fold)).toHaveLength(14);
    expect(parse(messages.slice(20), fold)).toHaveLength(30);
  });

  test('a message that was aborted has no usage', () => {
    const metrics = { inputTokens: 0, outputTokens: 0 };
    expect(
      requestsIn([
        { ...ANSWER, metrics },
        { ...ANSWER, metrics: undefined },
      ]),
    ).toEqual([]);
  });

  test('a cost that Cline states is kept', () => {
    const metrics = { ...ANSWER.metrics, cost: 0.0025 };
    expect(requestsIn([{ ...ANSWER, metrics }])[0]?.billing?.chargedNanoUsd).toBe(2_500_000);
  });

  test('any text is parsed', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.jsonValue()).map((messages) => JSON.stringify({ messages })),
      fc.jsonValue().map((value) => {
        const messages = [{ ...ANSWER, content: value }, { ...ANSWER, metrics: value }, value];
        return JSON.stringify({ messages });
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(sessionMessages.readCompanions?.([text], {})).toBeNull();
        expect(Array.isArray(sessionMessages.parseDocument(text, {}))).toBe(true);
      }),
    );
  });
});

describe('files', () => {
  const sessions = '/h/.cline/data/sessions';

  test('the session is the folder, a subagent has a name of its own', () => {
    const main = { kind: 'main', sessionId: '17_ab', agentId: null };
    const agent = { kind: 'sidechain', sessionId: '17_ab', agentId: 'helper' };
    const locate = (path: string) => sessionMessages.locate(path);
    expect(locate(`${sessions}/17_ab/17_ab.messages.json`)).toEqual(main);
    expect(locate(`${sessions}/17_ab/helper.messages.json`)).toEqual(agent);
    const team = 'helper__task_1';
    expect(locate(`${sessions}/17_ab/${team}.messages.json`)).toEqual({ ...agent, agentId: team });
  });

  test("a subagent's folder is that of the session", () => {
    const session = `${sessions}/17_ab/17_ab.json`;
    for (const name of ['17_ab', 'helper']) {
      const path = `${sessions}/17_ab/${name}.messages.json`;
      expect(sessionMessages.companionPaths?.(path)).toEqual([session]);
    }
  });

  test('an event leads to the files of its session only', () => {
    const filesFor = (taskId: string) => {
      const event = eventIn(cline.parseEvent(JSON.stringify({ hookName: 'TaskComplete', taskId })));
      return sessionMessages.eventFiles(event, PLACE).files;
    };
    expect(filesFor('17_ab')).toEqual([`${sessions}/17_ab/17_ab.messages.json`]);
    expect(filesFor('../../etc')).toEqual([]);
  });
});

describe('events', () => {
  test("a subagent's event belongs to the root session", () => {
    const event = {
      hookName: 'tool_result',
      taskId: 'task-b',
      sessionContext: { rootSessionId: '17_ab' },
      agent_id: 'helper',
      parent_agent_id: 'lead',
      tool_result: { id: 'call_1', name: 'run_commands', error: 'no', durationMs: 12 },
    };
    expect(eventIn(cline.parseEvent(JSON.stringify(event)))).toMatchObject({
      phase: 'tool',
      sessionId: '17_ab',
      agentId: 'helper',
      toolName: 'run_commands',
      toolUseId: 'call_1',
      toolResult: { isFailed: true, durationMs: 12 },
    });
  });

  test('any text is parsed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(cline.parseEvent(text).kind);
      }),
    );
  });

  test('no budget can be enforced', () => {
    const stop = { reason: 'The budget is spent.', remedy: 'Raise it.' };
    const event = bareEvent('PostToolUse');
    expect(cline.answerText(event, { stop, ask: null, notices: [] })).toBeNull();
  });
});

describe('installer', () => {
  const { installer } = clineSetup;
  const [path = ''] = installer.files(PLACE);
  const command = commandFor('cline');

  test('has executables of its own', () => {
    expect(path).toBe('/h/.cline/hooks/PostToolUse');
    expect(installer.mode).toBe(0o755);
    expectToBeUndone(installer, path, null, command);
    const script = installer.add(path, null, command, { isEnforcing: false });
    expect(script?.startsWith('#!/bin/sh\n')).toBe(true);
  });

  test("the user's own hook stays, and the steps say what to do", () => {
    const text = '#!/bin/sh\necho mine\n';
    expect(installer.add(path, text, command, { isEnforcing: false })).toBeNull();
    expect(installer.remove(path, text)).toBe(text);
    expect(installer.manualSteps(PLACE, [])).toEqual([]);
    expect(installer.manualSteps(PLACE, ['/h/.cline/hooks/PostToolUse'])[0]).toContain(
      '/h/.cline/hooks/PostToolUse',
    );
  });
});
