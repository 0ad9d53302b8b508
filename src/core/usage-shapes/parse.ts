import { type JsonObject, asObject, asText } from '../lang/json.ts';
import { parseAnthropicUsage } from '../usage/parse-anthropic.ts';
import { type BilledUsage, type Usage, NO_USAGE } from '../usage/usage.ts';
import { readCamelCase } from './camel-case.ts';
import { chargedNanoUsd } from './charged.ts';
import { disjoint, hasCount, most } from './counts.ts';
import { readGemini } from './gemini.ts';
import { hasMalformedCount, lacksCount } from './malformed.ts';
import { readChat, readResponses } from './openai.ts';
import { readAgentTokens, readOllama } from './other.ts';
import type { Shape } from './shape.ts';

/** Context of a usage object. */
export interface UsageHints {
  /** The model that its message names. */
  model?: string | null | undefined;
  /** The service tier, if the response has it outside of the usage. */
  serviceTier?: string | null | undefined;
}

/**
 * The usage of one request in any provider's shape, recognised by its fields, never by the model's name.
 * Accepts the usage object or its holder: a response, an Ollama chunk, a line of Codex's log. Null if there
 * is none, or if it is a counter that adds up several requests. What is not a count becomes zero and makes
 * the usage malformed. Never throws.
 */
export function parseUsage(from: unknown, hints: UsageHints = {}): BilledUsage | null {
  const holder = asObject(from);
  if (holder === null) return null;
  const usage = asObject(usageIn(holder)) ?? holder;
  const shape = detectShape(usage);
  if (shape === null) {
    return lacksCount(usage) ? { ...plainUsage(NO_USAGE), isMalformed: true } : null;
  }
  const model = hints.model ?? asText(holder['model']) ?? undefined;
  if (shape === 'anthropic') return billedByAnthropic(usage, model);
  const { usage: counts, isSuspicious } = disjoint(shape.counts, shape.conventions);
  const webSearchRequests = most(asObject(usage['server_tool_use']), 'web_search_requests');
  return {
    ...plainUsage({ ...counts, webSearchRequests }),
    modifiers: {
      serviceTier:
        asText(usage['service_tier']) ?? hints.serviceTier ?? asText(holder['service_tier']),
      speed: null,
      inferenceGeo: null,
    },
    // With other field names `cost` is not a charge: Copilot CLI counts premium requests by it.
    chargedNanoUsd: isSnakeCase(usage) ? chargedNanoUsd(usage) : null,
    providerHint: asObject(holder['x_groq']) === null ? shape.provider : 'groq',
    isSuspicious,
    isMalformed: hasMalformedCount(usage, usage === holder),
  };
}

/** Usage of which only the counts are known. */
export function plainUsage(usage: Usage): BilledUsage {
  return {
    usage,
    modifiers: { serviceTier: null, speed: null, inferenceGeo: null },
    iterations: [],
    sideRequests: [],
    refusedAttempt: null,
    chargedNanoUsd: null,
    providerHint: null,
    isEstimated: false,
    isSuspicious: false,
    isMalformed: false,
  };
}

/** The usage object of a response or of a log's line; Ollama's last chunk is its own usage object. */
export function usageIn(holder: JsonObject): unknown {
  const usage = holder['usage'] ?? holder['usageMetadata'];
  if (usage != null) return usage;
  if (isOllama(holder)) return holder;
  return asObject(holder['x_groq'])?.['usage'] ?? codexUsage(holder);
}

/**
 * Codex logs a request's usage next to counters of the turn and the thread; only the first is that of a
 * request. A `token_count` line may repeat the last one, so its reader must check that the counter moved.
 */
function codexUsage(line: JsonObject): unknown {
  const payload = asObject(line['payload']) ?? line;
  if (line['type'] === 'token_usage_record') return payload['usage'];
  return (asObject(payload['info']) ?? payload)['last_token_usage'];
}

function detectShape(usage: JsonObject): Shape | 'anthropic' | null {
  if (isOllama(usage)) return readOllama(usage);
  if (isSnakeCase(usage)) {
    if (has(usage, CHAT)) return readChat(usage);
    return isResponses(usage) ? readResponses(usage) : 'anthropic';
  }
  if (has(usage, GEMINI)) return readGemini(usage);
  if (has(usage, CAMEL_CASE)) return readCamelCase(usage);
  return hasCount(usage, 'input', 'output') ? readAgentTokens(usage) : null;
}

const CHAT = ['prompt_tokens', 'completion_tokens', 'prompt_cache_hit_tokens'];
const ANTHROPIC = ['cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation'];
const RESPONSES = [
  'input_tokens_details',
  'total_tokens',
  'cached_input_tokens',
  'reasoning_output_tokens',
];
const GEMINI = ['promptTokenCount', 'candidatesTokenCount', 'totalTokenCount'];
const CAMEL_CASE = ['inputTokens', 'outputTokens', 'promptTokens', 'completionTokens'];

function isOllama(object: JsonObject): boolean {
  return hasCount(object, 'prompt_eval_count', 'eval_count');
}

function isSnakeCase(usage: JsonObject): boolean {
  return has(usage, CHAT) || has(usage, ANTHROPIC) || has(usage, ['input_tokens', 'output_tokens']);
}

/**
 * Anthropic and OpenAI's Responses share `input_tokens` and `output_tokens`: the former without the cached
 * tokens, the latter with them. If neither has a field of its own, both mean the same.
 */
function isResponses(usage: JsonObject): boolean {
  return has(usage, RESPONSES) && !has(usage, ANTHROPIC);
}

function has(object: JsonObject, fields: string[]): boolean {
  return fields.some((field) => object[field] != null);
}

function billedByAnthropic(raw: JsonObject, model: string | undefined): BilledUsage | null {
  const parsed = parseAnthropicUsage(raw, model);
  if (parsed === null) return null;
  const charged = chargedNanoUsd(raw);
  return {
    ...plainUsage(parsed.usage),
    ...parsed,
    chargedNanoUsd: charged,
    // Anthropic itself never reports what it charges; OpenRouter does, in Anthropic's shape as well.
    providerHint: charged !== null ? 'openrouter' : has(raw, ANTHROPIC) ? 'anthropic' : null,
  };
}
