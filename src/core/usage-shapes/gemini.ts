import { type JsonObject, asCount } from '../lang/json.ts';
import { most, sumCounts } from './counts.ts';
import type { Shape } from './shape.ts';

/** Gemini's `usageMetadata`. What a tool's answer added to the prompt is counted beside it. */
export function readGemini(usage: JsonObject): Shape {
  const input = sumCounts(most(usage, 'promptTokenCount'), most(usage, 'toolUsePromptTokenCount'));
  // The live API has the second name.
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
    // Qwen Code has them inside; its total says so.
    conventions: { isCacheInInput: true, isReasoningInOutput: false },
  };
}

/** Null where thoughts go unmentioned but for the total, as in Gemini CLI's AfterModel event. */
function getThoughtTokens(usage: JsonObject): number | null {
  const thoughts = asCount(usage['thoughtsTokenCount']);
  if (thoughts !== null) return thoughts;
  return asCount(usage['promptTokenCount']) === null ? 0 : null;
}
