import { estimateTokens, tokenFactor } from '../estimate-tokens.ts';
import type { PayloadUsage } from '../hook/event.ts';
import { type JsonObject, asObject, asText, asTimeMs } from '../lang/json.ts';
import { parseUsage, plainUsage, usageIn } from '../usage-shapes/parse.ts';

/**
 * The usage of the request in a payload, from the first of the places where it may be. Null if there is
 * none. Never throws.
 */
export function payloadUsage(event: JsonObject): PayloadUsage | null {
  const response = asObject(event['response']);
  const message = asObject(event['message']);
  for (const holder of [event, response, asObject(event['tool_response']), message]) {
    // A holder that is not a response has numbers of its own: only an object named usage counts.
    if (holder === null || asObject(usageIn(holder)) === null) continue;
    const model = modelIn(holder) ?? getModel(event);
    const parsed = parseUsage(holder, { model });
    if (parsed === null) continue;
    const ownId = holder === event ? null : idIn(holder);
    const occurredAtMs = asTimeMs(event['timestamp']);
    return { model, responseId: idIn(response) ?? ownId, parsed, occurredAtMs };
  }
  return null;
}

/** A prompt that has not been sent is not a request yet. */
const BEFORE = /^(?:pre|before|user)|prompt|start/i;
/** Where a response's text may be; deeper ones are in the shapes of OpenAI, Anthropic and Gemini. */
const TEXTS = ['text', 'content', 'completion', 'output_text', 'choices', 'candidates', 'parts'];
const MAX_DEPTH = 6;

/**
 * Usage estimated from the text of a request, for a payload that names the model but contains no usage;
 * marked as an estimate. Null if there is no text or no model. Never throws.
 */
export function estimatedUsage(event: JsonObject): PayloadUsage | null {
  const model = getModel(event);
  if (model === null || BEFORE.test(asText(event['hook_event_name']) ?? '')) return null;
  const { response, request } = event;
  const outputs = [
    response,
    event['completion'],
    event['output_text'],
    getResponse(event['message']),
  ];
  const inputs = [event['prompt'], asObject(request)?.['prompt'], asObject(request)?.['messages']];
  const estimateTexts = (texts: unknown[]): number => {
    const tokens = texts.reduce<number>((sum, text) => sum + estimateTokens(joinTexts(text, 0)), 0);
    return Math.round(tokens * tokenFactor(model));
  };
  const inputTokens = estimateTexts(inputs);
  const outputTokens = estimateTexts(outputs);
  if (inputTokens + outputTokens === 0) return null;
  const usage = {
    inputTokens,
    outputTokens,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    webSearchRequests: 0,
  };
  return {
    model,
    responseId: idIn(asObject(response)),
    occurredAtMs: asTimeMs(event['timestamp']),
    parsed: { ...plainUsage(usage), isEstimated: true },
  };
}

function getModel(event: JsonObject): string | null {
  return (
    modelIn(event) ?? modelIn(asObject(event['response'])) ?? modelIn(asObject(event['message']))
  );
}

function modelIn(holder: JsonObject | null): string | null {
  return asText(holder?.['model']) ?? asText(holder?.['modelVersion']);
}

function idIn(holder: JsonObject | null): string | null {
  return asText(holder?.['id']) ?? asText(holder?.['responseId']);
}

/** Null for a message that is not from the model. */
function getResponse(message: unknown): unknown {
  return asObject(message)?.['role'] === 'user' ? null : message;
}

function joinTexts(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return '';
  if (Array.isArray(value)) return value.map((item) => joinTexts(item, depth + 1)).join('\n');
  for (const name of depth === 0 ? TEXTS : [...TEXTS, 'message']) {
    const text = joinTexts((value as JsonObject)[name], depth + 1);
    if (text !== '') return text;
  }
  return '';
}
