import type { Usage } from '../../../src/core/usage/usage.ts';

/** A provider's response with its usage, and what it comes to. */
export interface Sample {
  name: string;
  /** As genai-prices calls the provider and the API; null where that library does not know it. */
  known: [provider: string, flavor: string] | null;
  response: Record<string, unknown>;
  usage: Partial<Usage>;
  provider: string | null;
  chargedNanoUsd?: number;
  serviceTier?: string;
}

/** Built from the providers' field names (reference: usage-shapes.md), in their own convention. */
export const SAMPLES: Sample[] = [
  {
    name: 'Anthropic Messages',
    known: ['anthropic', 'default'],
    response: {
      model: 'claude-opus-4-5',
      usage: {
        input_tokens: 8,
        cache_creation_input_tokens: 100,
        cache_read_input_tokens: 4500,
        cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
        output_tokens: 24,
        output_tokens_details: { thinking_tokens: 10 },
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
        service_tier: 'standard',
      },
    },
    usage: {
      inputTokens: 8,
      outputTokens: 24,
      cacheReadTokens: 4500,
      cacheWrite5mTokens: 60,
      cacheWrite1hTokens: 40,
      webSearchRequests: 2,
    },
    provider: 'anthropic',
    serviceTier: 'standard',
  },
  {
    name: 'Anthropic Messages with nothing but counts',
    known: ['anthropic', 'default'],
    response: { model: 'claude-opus-4-5', usage: { input_tokens: 8, output_tokens: 24 } },
    usage: { inputTokens: 8, outputTokens: 24 },
    provider: null,
  },
  {
    name: 'OpenAI Chat Completions',
    known: ['openai', 'chat'],
    response: {
      model: 'gpt-5.4',
      service_tier: 'flex',
      usage: {
        prompt_tokens: 9480,
        completion_tokens: 117,
        total_tokens: 9597,
        prompt_tokens_details: { cached_tokens: 8192, cache_write_tokens: 1024, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 64, accepted_prediction_tokens: 0 },
      },
    },
    usage: {
      inputTokens: 264,
      outputTokens: 117,
      cacheReadTokens: 8192,
      cacheWrite5mTokens: 1024,
    },
    provider: null,
    serviceTier: 'flex',
  },
  {
    name: 'OpenAI Chat Completions, embeddings',
    known: null,
    response: {
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 800, total_tokens: 800 },
    },
    usage: { inputTokens: 800 },
    provider: null,
  },
  {
    name: 'OpenAI Responses',
    known: ['openai', 'responses'],
    response: {
      model: 'gpt-5.4',
      service_tier: 'default',
      usage: {
        input_tokens: 7003,
        input_tokens_details: { cached_tokens: 5120 },
        output_tokens: 305,
        output_tokens_details: { reasoning_tokens: 192 },
        total_tokens: 7308,
      },
    },
    usage: { inputTokens: 1883, outputTokens: 305, cacheReadTokens: 5120 },
    provider: 'openai',
    serviceTier: 'default',
  },
  {
    name: 'OpenAI Responses with cache writes of two lengths',
    known: ['openai', 'responses'],
    response: {
      model: 'gpt-6.1',
      usage: {
        input_tokens: 9000,
        input_tokens_details: {
          cached_tokens: 1000,
          cache_write_tokens: 6000,
          cache_write_tokens_details: { ttl_30m_tokens: 4000, ttl_12h_tokens: 2000 },
        },
        output_tokens: 300,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 9300,
      },
    },
    usage: {
      inputTokens: 2000,
      outputTokens: 300,
      cacheReadTokens: 1000,
      cacheWrite5mTokens: 4000,
      cacheWrite1hTokens: 2000,
    },
    provider: 'openai',
  },
  {
    name: 'Google Gemini',
    known: ['google', 'default'],
    response: {
      modelVersion: 'gemini-2.5-pro',
      usageMetadata: {
        promptTokenCount: 7003,
        cachedContentTokenCount: 5120,
        candidatesTokenCount: 113,
        thoughtsTokenCount: 192,
        toolUsePromptTokenCount: 50,
        totalTokenCount: 7358,
        trafficType: 'ON_DEMAND',
      },
    },
    usage: { inputTokens: 1933, outputTokens: 305, cacheReadTokens: 5120 },
    provider: 'google',
  },
  {
    name: 'Groq',
    known: ['groq', 'default'],
    response: {
      model: 'llama-3.3-70b-versatile',
      usage: {
        queue_time: 0.037,
        prompt_tokens: 1200,
        prompt_time: 0.00068,
        completion_tokens: 44,
        completion_time: 0.463,
        total_tokens: 1244,
        total_time: 0.464,
        prompt_tokens_details: { cached_tokens: 200 },
      },
    },
    usage: { inputTokens: 1000, outputTokens: 44, cacheReadTokens: 200 },
    provider: 'groq',
  },
  {
    name: 'Groq, streamed',
    known: null,
    response: {
      model: 'openai/gpt-oss-120b',
      x_groq: {
        id: 'req_01',
        usage: { prompt_tokens: 1200, completion_tokens: 44, total_tokens: 1244 },
      },
    },
    usage: { inputTokens: 1200, outputTokens: 44 },
    provider: 'groq',
  },
  {
    name: 'Mistral',
    known: ['mistral', 'default'],
    response: {
      model: 'mistral-medium-latest',
      usage: {
        prompt_tokens: 1200,
        completion_tokens: 44,
        total_tokens: 1244,
        num_cached_tokens: 200,
        prompt_tokens_details: { cached_tokens: 200 },
      },
    },
    usage: { inputTokens: 1000, outputTokens: 44, cacheReadTokens: 200 },
    provider: 'mistral',
  },
  {
    name: 'Mistral without details',
    known: null,
    response: {
      model: 'mistral-medium-latest',
      usage: {
        prompt_tokens: 1200,
        completion_tokens: 44,
        total_tokens: 1244,
        num_cached_tokens: 200,
      },
    },
    usage: { inputTokens: 1000, outputTokens: 44, cacheReadTokens: 200 },
    provider: 'mistral',
  },
  {
    name: 'Ollama',
    known: null,
    response: {
      model: 'llama3.2',
      created_at: '2026-11-21T10:00:00Z',
      response: '',
      done: true,
      done_reason: 'stop',
      total_duration: 10706818083,
      prompt_eval_count: 26,
      eval_count: 259,
    },
    usage: { inputTokens: 26, outputTokens: 259 },
    provider: 'ollama',
  },
  {
    name: 'Ollama with the prompt in its cache',
    known: null,
    response: { model: 'llama3.2', done: true, eval_count: 259 },
    usage: { outputTokens: 259 },
    provider: 'ollama',
  },
  {
    name: 'OpenRouter',
    known: ['openrouter', 'chat'],
    response: {
      model: 'anthropic/claude-sonnet-4.5',
      usage: {
        prompt_tokens: 1200,
        completion_tokens: 44,
        total_tokens: 1244,
        cost: 0.00214567,
        is_byok: false,
        prompt_tokens_details: { cached_tokens: 200, cache_write_tokens: 300 },
        cost_details: { upstream_inference_cost: 0.002 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    },
    usage: {
      inputTokens: 700,
      outputTokens: 44,
      cacheReadTokens: 200,
      cacheWrite5mTokens: 300,
    },
    provider: 'openrouter',
    chargedNanoUsd: 2_145_670,
  },
  {
    name: "OpenRouter with the user's own key",
    known: null,
    response: {
      model: 'openai/gpt-5.4',
      usage: {
        prompt_tokens: 1200,
        completion_tokens: 44,
        total_tokens: 1244,
        cost: 0.0001,
        is_byok: true,
        cost_details: { upstream_inference_cost: 0.002 },
      },
    },
    usage: { inputTokens: 1200, outputTokens: 44 },
    provider: 'openrouter',
    chargedNanoUsd: 2_100_000,
  },
  {
    name: 'Bedrock Converse',
    known: ['aws', 'default'],
    response: {
      model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      usage: {
        inputTokens: 100,
        outputTokens: 44,
        totalTokens: 1444,
        cacheReadInputTokens: 900,
        cacheWriteInputTokens: 400,
        cacheDetails: [
          { ttl: '1h', inputTokens: 300 },
          { ttl: '5m', inputTokens: 100 },
        ],
      },
    },
    usage: {
      inputTokens: 100,
      outputTokens: 44,
      cacheReadTokens: 900,
      cacheWrite5mTokens: 100,
      cacheWrite1hTokens: 300,
    },
    provider: 'bedrock',
  },
  {
    name: 'Vercel AI SDK',
    known: null,
    response: {
      model: 'gpt-5.4',
      usage: {
        inputTokens: 1200,
        inputTokenDetails: { noCacheTokens: 900, cacheReadTokens: 200, cacheWriteTokens: 100 },
        outputTokens: 44,
        outputTokenDetails: { textTokens: 40, reasoningTokens: 4 },
        totalTokens: 1244,
      },
    },
    usage: {
      inputTokens: 900,
      outputTokens: 44,
      cacheReadTokens: 200,
      cacheWrite5mTokens: 100,
    },
    provider: null,
  },
  {
    name: 'xAI',
    known: ['x-ai', 'chat'],
    response: {
      model: 'grok-4',
      usage: {
        prompt_tokens: 32,
        completion_tokens: 9,
        total_tokens: 135,
        prompt_tokens_details: { text_tokens: 32, cached_tokens: 6 },
        completion_tokens_details: { reasoning_tokens: 94 },
        num_sources_used: 0,
      },
    },
    usage: { inputTokens: 26, outputTokens: 103, cacheReadTokens: 6 },
    provider: 'xai',
  },
  {
    name: 'xAI with what it charged',
    known: null,
    response: {
      model: 'grok-4',
      usage: {
        prompt_tokens: 32,
        completion_tokens: 100,
        completion_tokens_details: { reasoning_tokens: 94 },
        cost_in_usd_ticks: 37_756_005,
      },
    },
    usage: { inputTokens: 32, outputTokens: 194 },
    provider: 'xai',
    // A tick is a tenth of a nano-dollar; half of one goes to the even side.
    chargedNanoUsd: 3_775_600,
  },
  {
    name: 'DeepSeek',
    known: ['deepseek', 'chat'],
    response: {
      model: 'deepseek-chat',
      usage: {
        prompt_tokens: 1200,
        completion_tokens: 44,
        total_tokens: 1244,
        prompt_tokens_details: { cached_tokens: 1024 },
        completion_tokens_details: { reasoning_tokens: 4 },
        prompt_cache_hit_tokens: 1024,
        prompt_cache_miss_tokens: 176,
      },
    },
    usage: { inputTokens: 176, outputTokens: 44, cacheReadTokens: 1024 },
    provider: 'deepseek',
  },
  {
    name: 'DeepSeek without a sum or details',
    known: null,
    response: {
      model: 'deepseek-chat',
      usage: {
        completion_tokens: 44,
        prompt_cache_hit_tokens: 1024,
        prompt_cache_miss_tokens: 176,
      },
    },
    usage: { inputTokens: 176, outputTokens: 44, cacheReadTokens: 1024 },
    provider: 'deepseek',
  },
];

const codexCounts = {
  input_tokens: 1500,
  cached_input_tokens: 1000,
  cache_write_input_tokens: 0,
  output_tokens: 33,
  reasoning_output_tokens: 3,
  total_tokens: 1533,
};
const codexCounter = { ...codexCounts, input_tokens: 2700, output_tokens: 77, total_tokens: 2777 };
const codexUsage = { inputTokens: 500, outputTokens: 33, cacheReadTokens: 1000 };

/** As the agents' own logs have it; in part cut from the lab's recordings. */
export const AGENT_SAMPLES: Sample[] = [
  {
    name: 'Codex, token_count',
    known: null,
    response: {
      type: 'event_msg',
      payload: {
        type: 'token_count',
        info: { total_token_usage: codexCounter, last_token_usage: codexCounts },
      },
    },
    usage: codexUsage,
    provider: 'openai',
  },
  {
    name: 'Codex, token_usage_record',
    known: null,
    response: {
      type: 'token_usage_record',
      payload: {
        response_id: 'resp_6',
        usage: codexCounts,
        turn_token_usage: codexCounter,
        thread_token_usage: codexCounter,
      },
    },
    usage: codexUsage,
    provider: 'openai',
  },
  {
    name: 'Gemini CLI, chat',
    known: null,
    response: { input: 1200, output: 44, cached: 200, thoughts: 4, tool: 0, total: 1248 },
    usage: { inputTokens: 1000, outputTokens: 48, cacheReadTokens: 200 },
    provider: null,
  },
  {
    name: 'Gemini CLI, AfterModel: thoughts in the total alone',
    known: null,
    response: {
      usageMetadata: { promptTokenCount: 1200, candidatesTokenCount: 44, totalTokenCount: 1248 },
    },
    usage: { inputTokens: 1200, outputTokens: 48 },
    provider: 'google',
  },
  {
    name: 'Qwen Code: thoughts inside, by the total',
    known: null,
    response: {
      model: 'qwen3-coder-plus',
      usageMetadata: {
        promptTokenCount: 1200,
        candidatesTokenCount: 44,
        thoughtsTokenCount: 4,
        totalTokenCount: 1244,
        cachedContentTokenCount: 200,
      },
    },
    usage: { inputTokens: 1000, outputTokens: 44, cacheReadTokens: 200 },
    provider: 'google',
  },
  {
    name: 'Copilot CLI, whose cost is no money',
    known: null,
    response: {
      model: 'gpt-5.4',
      inputTokens: 1500,
      outputTokens: 33,
      cacheReadTokens: 1000,
      cacheWriteTokens: 100,
      reasoningTokens: 3,
      cost: 1,
    },
    usage: {
      inputTokens: 400,
      outputTokens: 33,
      cacheReadTokens: 1000,
      cacheWrite5mTokens: 100,
    },
    provider: null,
  },
  {
    name: 'OpenCode',
    known: null,
    response: {
      total: 1533,
      input: 500,
      output: 30,
      reasoning: 3,
      cache: { write: 0, read: 1000 },
    },
    usage: { inputTokens: 500, outputTokens: 33, cacheReadTokens: 1000 },
    provider: null,
  },
];
