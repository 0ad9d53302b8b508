import { type JsonObject, asArray, asObject } from '../lang/json.ts';
import { most, sumCounts } from './counts.ts';
import type { Shape } from './shape.ts';

/**
 * `inputTokens` and `outputTokens`: Bedrock's Converse counts the cache separately, the Vercel AI SDK and
 * Copilot CLI include it. Null for Claude Code's `modelUsage`, which is a counter of the whole session and
 * not a request.
 */
export function readCamelCase(usage: JsonObject): Shape | null {
  if (usage['costUSD'] !== undefined || usage['cacheCreationInputTokens'] !== undefined)
    return null;
  const inputs = asObject(usage['inputTokenDetails']);
  const outputs = asObject(usage['outputTokenDetails']);
  const parts = asArray(usage['cacheDetails']).map(asObject);
  const isBedrock =
    parts.length > 0 ||
    usage['cacheReadInputTokens'] != null ||
    usage['cacheWriteInputTokens'] != null;
  const cacheRead = Math.max(
    most(inputs, 'cacheReadTokens'),
    most(usage, 'cacheReadInputTokens', 'cacheReadTokens', 'cachedInputTokens'),
  );
  // The larger of the total and the parts, as for Anthropic's own shape.
  const cacheWrite = Math.max(
    most(inputs, 'cacheWriteTokens') || most(usage, 'cacheWriteInputTokens', 'cacheWriteTokens'),
    writtenFor(parts, /./),
  );
  return {
    provider: isBedrock ? 'bedrock' : null,
    counts: {
      // The SDK's first four versions called them promptTokens and completionTokens.
      input:
        most(usage, 'inputTokens', 'promptTokens') ||
        (inputs === null ? 0 : sumCounts(most(inputs, 'noCacheTokens'), cacheRead, cacheWrite)),
      output: most(usage, 'outputTokens', 'completionTokens'),
      cacheRead,
      cacheWrite,
      longCacheWrite: writtenFor(parts, /h$/i),
      reasoning: Math.max(most(outputs, 'reasoningTokens'), most(usage, 'reasoningTokens')),
      total: most(usage, 'totalTokens'),
    },
    conventions: { isCacheInInput: !isBedrock, isReasoningInOutput: true },
  };
}

function writtenFor(parts: (JsonObject | null)[], ttl: RegExp): number {
  const fitting = parts.filter((part) => ttl.test(String(part?.['ttl'])));
  return sumCounts(...fitting.map((part) => most(part, 'inputTokens')));
}
