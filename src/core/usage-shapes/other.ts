import { type JsonObject, asObject } from '../lang/json.ts';
import { hasCount, most } from './counts.ts';
import type { Shape } from './shape.ts';

/** Ollama's own API: usage is in the last chunk itself. A prompt found in its cache is not counted. */
export function readOllama(chunk: JsonObject): Shape {
  return {
    provider: 'ollama',
    counts: {
      input: most(chunk, 'prompt_eval_count'),
      output: most(chunk, 'eval_count'),
    },
    conventions: { isCacheInInput: false, isReasoningInOutput: true },
  };
}

/** The `tokens` of OpenCode's messages and of Gemini CLI's chats; null for anything else. */
export function readAgentTokens(tokens: JsonObject): Shape | null {
  const cache = asObject(tokens['cache']);
  if (cache === null && !hasCount(tokens, 'cached', 'thoughts')) return null;
  return {
    provider: null,
    counts: {
      input: most(tokens, 'input'),
      output: most(tokens, 'output'),
      cacheRead: Math.max(most(cache, 'read'), most(tokens, 'cached')),
      cacheWrite: most(cache, 'write'),
      reasoning: most(tokens, 'reasoning', 'thoughts'),
      total: most(tokens, 'total'),
    },
    conventions: { isCacheInInput: cache === null, isReasoningInOutput: false },
  };
}
