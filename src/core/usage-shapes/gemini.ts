import { type JsonObject, asCount } from '../lang/json.ts';
import { most, sumCounts } from './counts.ts';
import type { Shape } from './shape.ts';

/** Gemini's `usageMetadata`. What a tool's result added to the prompt is counted separately. */
export function readGemini(usage: JsonObject): Shape {
  const input = sumCounts(most(usage, 'promptTokenCount'), most(usage, 'toolUsePromptTokenCount'));
  // The live API uses the second name.
  const output = most(usage, 'candidatesTokenCount', 'responseTokenCount');
  const total = most(usage, 'totalTokenCount');
  return {
    provider: 'google',
    counts: {
      input,
      output,
      cacheRead: most(usage, 'cachedContentTokenCount'),
      reasoning: getThoughtTokens(usage) ?? Math.max(0, total - sumCounts(input, output)),
      total,
    },
    // Qwen Code includes them, as its total shows.
    conventions: { isCacheInInput: true, isReasoningInOutput: false },
  };
}

/** Null if thoughts only show in the total, as in Gemini CLI's AfterModel event. */
function getThoughtTokens(usage: JsonObject): number | null {
  const thoughts = asCount(usage['thoughtsTokenCount']);
  if (thoughts !== null) return thoughts;
  return asCount(usage['promptTokenCount']) === null ? 0 : null;
}
