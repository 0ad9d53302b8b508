import { type JsonObject, asObject } from '../lang/json.ts';
import { type Conventions, type ReportedCounts, most, sumCounts } from './counts.ts';
import type { Shape } from './shape.ts';

const INSIDE: Conventions = { isCacheInInput: true, isReasoningInOutput: true };

/** Fields that single providers add to OpenAI's shape. */
const SIGNS: readonly (readonly [field: string, provider: string])[] = [
  ['cost_in_usd_ticks', 'xai'],
  ['num_sources_used', 'xai'],
  ['cost', 'openrouter'],
  ['cost_details', 'openrouter'],
  ['is_byok', 'openrouter'],
  ['queue_time', 'groq'],
  ['prompt_cache_hit_tokens', 'deepseek'],
  ['num_cached_tokens', 'mistral'],
];

/** Chat Completions, and the variants of Groq, Mistral, OpenRouter, xAI and DeepSeek. */
export function readChat(usage: JsonObject): Shape {
  const details = asObject(usage['prompt_tokens_details']);
  const hit = most(usage, 'prompt_cache_hit_tokens');
  const provider = SIGNS.find(([field]) => usage[field] != null)?.[1] ?? null;
  return {
    provider,
    counts: {
      ...cacheCounts(usage, details),
      input:
        most(usage, 'prompt_tokens') || sumCounts(hit, most(usage, 'prompt_cache_miss_tokens')),
      output: most(usage, 'completion_tokens'),
      reasoning: Math.max(
        most(asObject(usage['completion_tokens_details']), 'reasoning_tokens'),
        most(usage, 'reasoning_tokens'),
      ),
    },
    // For xAI a total shows the same; this handles a usage without one.
    conventions: provider === 'xai' ? { ...INSIDE, isReasoningInOutput: false } : INSIDE,
  };
}

/** Responses, and Codex's logs, which have the details at the same level. */
export function readResponses(usage: JsonObject): Shape {
  const details = asObject(usage['input_tokens_details']);
  return {
    provider: SIGNS.find(([field]) => usage[field] != null)?.[1] ?? 'openai',
    counts: {
      ...cacheCounts(usage, details),
      input: most(usage, 'input_tokens'),
      output: most(usage, 'output_tokens'),
      reasoning: Math.max(
        most(asObject(usage['output_tokens_details']), 'reasoning_tokens'),
        most(usage, 'reasoning_output_tokens'),
      ),
    },
    conventions: INSIDE,
  };
}

/**
 * Cache writes for 30 minutes are counted with Anthropic's for 5 minutes, those for 12 hours with those for
 * one hour: a record has only two cache lifetimes, a short and a long one.
 */
function cacheCounts(
  usage: JsonObject,
  details: JsonObject | null,
): Pick<ReportedCounts, 'cacheRead' | 'cacheWrite' | 'longCacheWrite' | 'total'> {
  const lengths = asObject(details?.['cache_write_tokens_details']);
  const longCacheWrite = most(lengths, 'ttl_12h_tokens');
  return {
    cacheRead: Math.max(
      most(details, 'cached_tokens'),
      // DeepSeek, Mistral, Codex, xAI's older API, Moonshot, LiteLLM for Claude.
      most(
        usage,
        'prompt_cache_hit_tokens',
        'num_cached_tokens',
        'cached_input_tokens',
        'cached_prompt_text_tokens',
        'cached_tokens',
        'cache_read_input_tokens',
      ),
    ),
    // The larger of the total and the parts, as for Anthropic's own shape.
    cacheWrite: Math.max(
      most(details, 'cache_write_tokens') ||
        most(usage, 'cache_write_input_tokens', 'cache_creation_input_tokens'),
      sumCounts(most(lengths, 'ttl_30m_tokens'), longCacheWrite),
    ),
    longCacheWrite,
    total: most(usage, 'total_tokens'),
  };
}
