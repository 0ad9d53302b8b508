import { describe, expect, test } from 'vitest';
import { type Home, openFile, query, temporaryHome } from '../helpers/home.ts';
import { SILENT, hook } from '../helpers/program/run.ts';
import { append, prompt, request, toolEvent, transcriptPath } from '../helpers/lines.ts';

interface Row {
  source: string;
  model: string;
  tool: string | null;
  input: number;
  output: number;
  nanoUsd: number | null;
}

function rows(home: Home): Row[] {
  return query<Row>(
    home.ledger,
    `SELECT source, model, tool_name AS tool, input_tokens AS input, output_tokens AS output,
       cost_nano_usd AS nanoUsd FROM cost_records ORDER BY occurred_at_ms, id`,
  );
}

const model = 'claude-opus-4-5';
const usage = { input_tokens: 1000, output_tokens: 200 };
/** 1000 tokens at 5 and 200 at 25 USD per million. */
const told: Row = {
  source: 'payload',
  model,
  tool: 'Bash',
  input: 1000,
  output: 200,
  nanoUsd: 10_000_000,
};
const read: Row = {
  source: 'hook',
  model,
  tool: 'Bash',
  input: 1000,
  output: 250,
  nanoUsd: 11_250_000,
};

/** The transcript's own line of the request that the payloads tell of. */
const line = request({
  session: 's1',
  id: 'msg_1',
  input: 1000,
  output: 250,
  tools: [['toolu_1', 'Bash']],
});
const bare = (extra: object): object => toolEvent('s1', null, extra);

describe('an event that carries usage, where no transcript covers it', () => {
  test.each([
    ['at the top', { usage, model }],
    ['in its response', { response: { id: 'msg_1', model, usage } }],
    ['in its response, the model at the top', { response: { usage }, model }],
    ['in its tool response', { tool_response: { usage, model } }],
    ['with a transcript that never exists', { usage, model, transcript_path: '/nowhere/s1.jsonl' }],
  ])('%s', (_, extra) => {
    const home = temporaryHome();
    expect(hook(home, bare(extra))).toEqual(SILENT);
    expect(rows(home)).toEqual([told]);
    expect(hook(home, bare(extra))).toEqual(SILENT);
    expect(rows(home)).toEqual([told]);
  });

  test('without a tool call: two events are two records, one told twice is one', () => {
    const home = temporaryHome();
    const event = { session_id: 's1', hook_event_name: 'Stop', usage, model };
    const later = { ...event, timestamp: '2026-11-20T10:00:00Z' };
    for (const each of [event, event, later, later]) expect(hook(home, each)).toEqual(SILENT);
    expect(rows(home)).toEqual([
      { ...told, tool: null },
      { ...told, tool: null },
    ]);
  });

  test('one tool use id in two sessions is two records', () => {
    const home = temporaryHome();
    hook(home, bare({ usage, model }));
    hook(home, bare({ usage, model, session_id: 's2' }));
    expect(rows(home)).toEqual([told, told]);
  });
});

describe('a transcript that tells of the same request', () => {
  const events: [string, object][] = [
    ['by the response id', { response: { id: 'msg_1', model, usage }, tool_use_id: 'toolu_9' }],
    [
      'by the response id, without a tool',
      { response: { id: 'msg_1', model, usage }, tool_name: undefined, tool_use_id: undefined },
    ],
    ['by the tool use id', { usage, model }],
    ['by the tool use id, without the name of the tool', { usage, model, tool_name: undefined }],
  ];

  test.each(events)('later, %s: replaces the payload', (_, extra) => {
    const home = temporaryHome();
    hook(home, bare(extra));
    expect(rows(home)).toHaveLength(1);
    const path = append(transcriptPath(home, 's1'), prompt('s1'), line);
    expect(hook(home, toolEvent('s1', path, { tool_use_id: 'toolu_8' }))).toEqual(SILENT);
    expect(rows(home)).toEqual([read]);
  });

  test.each(events)('before, %s: the payload adds nothing', (_, extra) => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, 's1'), prompt('s1'), line);
    hook(home, toolEvent('s1', path, { tool_use_id: 'toolu_8' }));
    expect(hook(home, bare(extra))).toEqual(SILENT);
    expect(rows(home)).toEqual([read]);
  });

  test.each(events)('in the same event, %s: counts once', (_, extra) => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, 's1'), prompt('s1'), line);
    expect(hook(home, toolEvent('s1', path, extra))).toEqual(SILENT);
    expect(rows(home)).toEqual([read]);
  });

  test.each(events)('while the ledger is locked, %s: counts once', (_, extra) => {
    const home = temporaryHome();
    hook(home, toolEvent('s1', '/nowhere'));
    const db = openFile(home.ledger).exec('BEGIN IMMEDIATE');
    hook(home, bare(extra));
    const path = append(transcriptPath(home, 's1'), prompt('s1'), line);
    hook(home, toolEvent('s1', path, { tool_use_id: 'toolu_8' }));
    db.exec('ROLLBACK');
    expect(hook(home, bare(extra))).toEqual(SILENT);
    expect(rows(home)).toEqual([read]);
  });
});

describe('the response of a tool that starts a subagent', () => {
  test.each(['Agent', 'Task'])('%s: its usage is never booked', (tool_name) => {
    const home = temporaryHome();
    const tool_response = {
      status: 'completed',
      resolvedModel: model,
      model,
      usage,
      totalTokens: 1200,
    };
    for (const extra of [{ tool_response }, { usage, model }, { response: { usage, model } }]) {
      hook(home, bare({ tool_name, ...extra }));
      hook(home, bare({ tool_name, ...extra, transcript_path: '/nowhere' }));
    }
    expect(rows(home)).toEqual([]);
  });
});

describe('a payload without a model', () => {
  test("takes the session's last", () => {
    const home = temporaryHome();
    hook(home, bare({ usage, model: 'claude-haiku-4-5', session_id: 's2', tool_use_id: 't2' }));
    hook(home, bare({ usage, model, tool_use_id: 't1' }));
    expect(hook(home, bare({ usage, tool_use_id: 't3' }))).toEqual(SILENT);
    expect(rows(home).filter((row) => row.model === model)).toEqual([told, told]);
  });

  test('takes it from the transcript that the same event brings', () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, 's1'), line);
    expect(hook(home, toolEvent('s1', path, { usage, tool_use_id: 't3' }))).toEqual(SILENT);
    expect(rows(home)).toEqual([read, told]);
  });

  test('takes it also when the ledger was locked then', () => {
    const home = temporaryHome();
    hook(home, bare({ usage, model, tool_use_id: 't1' }));
    const db = openFile(home.ledger).exec('BEGIN IMMEDIATE');
    hook(home, bare({ usage, tool_use_id: 't2' }));
    hook(home, bare({ usage, tool_use_id: 't3' }));
    db.exec('ROLLBACK');
    expect(hook(home, toolEvent('s1', '/nowhere'))).toEqual(SILENT);
    expect(rows(home)).toEqual([told, told, told]);
  });

  test('of a session that nobody knows is kept, and marked as a guess', () => {
    const home = temporaryHome();
    expect(hook(home, bare({ usage }))).toEqual(SILENT);
    expect(
      query(
        home.ledger,
        'SELECT input_tokens + output_tokens AS tokens, price_basis AS basis FROM cost_records',
      ),
    ).toEqual([{ tokens: 1200, basis: 'fallback' }]);
  });
});

describe('usage in the shape of another provider', () => {
  const counts = { prompt_tokens: 1000, completion_tokens: 200 };
  test.each<[string, object, Record<string, unknown>]>([
    [
      'DeepSeek: its cached input is taken out of the input',
      {
        model: 'deepseek-chat',
        response: {
          usage: { ...counts, prompt_cache_hit_tokens: 600, prompt_cache_miss_tokens: 400 },
        },
      },
      { input: 400, cacheRead: 600, output: 200, provider: 'deepseek' },
    ],
    [
      'OpenRouter: what it charged is the cost',
      { model: 'openai/gpt-4o', response: { usage: { ...counts, cost: 0.0012345 } } },
      { input: 1000, nanoUsd: 1_234_500, basis: 'provider', provider: 'openrouter' },
    ],
    [
      'Ollama: nothing',
      { response: { model: 'my-own-model', prompt_eval_count: 1000, eval_count: 200 } },
      { input: 1000, output: 200, nanoUsd: 0, provider: 'ollama' },
    ],
    [
      'Gemini: thoughts are output',
      {
        response: {
          modelVersion: 'gemini-2.5-pro',
          usageMetadata: {
            promptTokenCount: 1000,
            candidatesTokenCount: 150,
            thoughtsTokenCount: 50,
          },
        },
      },
      { input: 1000, output: 200, provider: 'google' },
    ],
    [
      'a text alone: an estimate, marked',
      { model: 'gpt-4o', response: { text: 'one two three four' } },
      { input: 0, output: 4, basis: 'estimated', metadata: '{"isEstimated":true}' },
    ],
    [
      'counts that contradict each other: marked',
      {
        model: 'gpt-4o',
        usage: { ...counts, prompt_tokens_details: { cached_tokens: 1500 } },
      },
      { input: 1000, cacheRead: 1500, metadata: '{"isSuspicious":true}' },
    ],
  ])('%s', (_, extra, expected) => {
    const home = temporaryHome();
    for (let times = 0; times < 2; times++) expect(hook(home, bare(extra))).toEqual(SILENT);
    const found = query(
      home.ledger,
      `SELECT input_tokens AS input, output_tokens AS output, cache_read_tokens AS cacheRead,
         cost_nano_usd AS nanoUsd, price_basis AS basis, provider, metadata FROM cost_records`,
    );
    expect(found).toEqual([expect.objectContaining(expected)]);
  });

  test('counts that come after an estimate of the same response replace it', () => {
    const home = temporaryHome();
    const response = { id: 'resp_1', model: 'gpt-4o', text: 'word '.repeat(5000) };
    hook(home, bare({ response }));
    hook(home, bare({ response: { ...response, usage: counts } }));
    expect(rows(home)).toEqual([
      expect.objectContaining({ model: 'gpt-4o', input: 1000, output: 200 }),
    ]);
  });
});
