import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../../src/agents/claude-code/event.ts';
import type { PayloadUsage } from '../../../src/core/hook/event.ts';
import { estimatedUsage, payloadUsage } from '../../../src/core/usage/payload.ts';

const chat = { prompt_tokens: 100, completion_tokens: 10 };
const gemini = { promptTokenCount: 100, candidatesTokenCount: 10 };
const ollama = { model: 'llama3.2', prompt_eval_count: 100, eval_count: 10, done: true };

describe('where usage may sit', () => {
  test.each<[string, Record<string, unknown>, Partial<PayloadUsage>]>([
    ['at the top', { usage: chat, model: 'm' }, { model: 'm' }],
    ['in the response', { response: { id: 'r', model: 'm', usage: chat } }, { responseId: 'r' }],
    ['in the tool response', { tool_response: { id: 't', usage: chat } }, { responseId: 't' }],
    ['in the message', { message: { model: 'm', usage: chat } }, { model: 'm' }],
    ['as metadata', { usageMetadata: gemini, modelVersion: 'g' }, { model: 'g' }],
    [
      "as the response's metadata",
      { model: 'alias', response: { usageMetadata: gemini, modelVersion: 'g', responseId: 'r' } },
      { model: 'g', responseId: 'r' },
    ],
    ["as Ollama's last chunk", ollama, { model: 'llama3.2' }],
    ["as Ollama's last chunk in the response", { response: ollama }, { model: 'llama3.2' }],
    ['in a Groq chunk', { response: { x_groq: { usage: chat } } }, {}],
    ['past one that is none', { usage: null, message: { usage: chat } }, {}],
    ['with a model elsewhere', { usage: chat, message: { model: 'm' } }, { model: 'm' }],
    ['without a model', { usage: chat }, { model: null }],
  ])('%s', (_, event, expected) => {
    const found = payloadUsage(event);
    expect(found).toMatchObject(expected);
    expect(found?.parsed.usage).toMatchObject({ inputTokens: 100, outputTokens: 10 });
  });

  test.each<[string, Record<string, unknown>]>([
    ['counts of a tool', { tool_response: { inputTokens: 100, outputTokens: 10 } }],
    ['tokens of a tool', { tool_response: { input: 100, output: 10, cached: 0 } }],
    ['counts without a place', { prompt_tokens: 100, completion_tokens: 10 }],
    ['totals of a session', { response: { usage: { costUSD: 1, inputTokens: 100 } } }],
  ])('%s are none', (_, event) => {
    expect(payloadUsage(event)).toBeNull();
  });
});

describe('a text without usage', () => {
  const model = 'gpt-5.4';
  const text = 'one two three four';
  test.each<[string, Record<string, unknown>, number, number]>([
    ['a response that is a text', { model, response: text }, 0, 4],
    ["the response's text", { model, response: { text } }, 0, 4],
    ["the response's content", { response: { model, content: [{ type: 'text', text }] } }, 0, 4],
    ['a completion and its prompt', { model, prompt: text, completion: text }, 4, 4],
    ['messages', { model, request: { messages: [{ content: text }] }, response: { text } }, 4, 4],
    ['choices', { model, response: { choices: [{ message: { content: text } }] } }, 0, 4],
    ['the message', { message: { model, role: 'assistant', content: text } }, 0, 4],
    ['a prompt alone', { model, prompt: text }, 4, 0],
    ["by Claude's measure", { model: 'claude-fable-5', completion: text }, 0, 6],
  ])('%s', (_, event, inputTokens, outputTokens) => {
    const found = estimatedUsage(event);
    expect(found?.parsed.usage).toMatchObject({ inputTokens, outputTokens });
    expect(found?.parsed.isEstimated).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['no model', { response: { text } }],
    ['no text', { model, response: {} }],
    ['a text of a tool', { model, tool_response: { text, content: text }, tool_input: { text } }],
    ["a user's message", { model, message: { role: 'user', content: text } }],
    ['a prompt before it is sent', { model, prompt: text, hook_event_name: 'UserPromptSubmit' }],
  ])('%s: no estimate', (_, event) => {
    expect(estimatedUsage(event)).toBeNull();
  });

  const usageOf = (event: object): PayloadUsage | null => {
    const parsed = parseEvent(JSON.stringify(event));
    return parsed.kind === 'event' ? parsed.event.usage : null;
  };
  const event = { session_id: 's1', hook_event_name: 'PostToolUse', model, response: { text } };

  test('is estimated where no transcript will tell', () => {
    expect(usageOf(event)?.parsed.isEstimated).toBe(true);
    expect(usageOf({ ...event, transcript_path: '/t.jsonl' })).toBeNull();
  });

  test('gives way to usage', () => {
    expect(usageOf({ ...event, usage: chat })?.parsed.isEstimated).toBe(false);
  });

  test.each(['Agent', 'Task'])('is not estimated for %s', (tool_name) => {
    expect(usageOf({ ...event, tool_name })).toBeNull();
    expect(usageOf({ ...event, tool_name, tool_response: { usage: chat } })).toBeNull();
  });
});
