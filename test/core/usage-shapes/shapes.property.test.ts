import { expect, test } from 'vitest';
import { estimatedUsage, payloadUsage } from '../../../src/core/usage/payload.ts';
import { parseUsage } from '../../../src/core/usage-shapes/parse.ts';
import type { BilledUsage } from '../../../src/core/usage/usage.ts';
import { AGENT_SAMPLES, SAMPLES } from './samples.ts';
import { fc, cheapRuns } from '../../helpers/fast-check.ts';

/** Every field name of every sample, at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}
const places = ['usage', 'response', 'tool_response', 'message', 'payload', 'info', 'text'];
const names = [...new Set([...places, ...[...SAMPLES, ...AGENT_SAMPLES].flatMap(namesIn)])];

const odd = fc.constantFrom(null, '5', -1, 1.5, 2 ** 60, Number.MAX_SAFE_INTEGER, -0, Number.NaN);
const leaf = fc.oneof(fc.nat(), fc.nat(9), odd, fc.jsonValue({ maxDepth: 1 }));
const fields = (value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 });
const details = fields(leaf);
const usage = fields(fc.oneof(leaf, details, fc.array(details, { maxLength: 2 })));
const usageLike = fields(fc.oneof(leaf, usage, fields(usage)));
const anything = fc.oneof(usageLike, usage, fc.jsonValue(), fc.anything());

function expectCounts(parsed: BilledUsage): void {
  for (const count of Object.values(parsed.usage)) {
    expect(Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0)).toBe(true);
  }
  const { chargedNanoUsd } = parsed;
  expect(chargedNanoUsd === null || chargedNanoUsd >= 0).toBe(true);
}

test('whatever it reads, it never throws, and every count is one', () => {
  fc.assert(
    fc.property(anything, (raw) => {
      const parsed = parseUsage(raw);
      if (parsed !== null) expectCounts(parsed);
    }),
    cheapRuns(1000),
  );
});

test('nor do the readers of payloads', () => {
  fc.assert(
    fc.property(usageLike, (event) => {
      for (const found of [payloadUsage(event), estimatedUsage(event)]) {
        if (found !== null) expectCounts(found.parsed);
      }
    }),
    cheapRuns(1000),
  );
});

/** Counts as a provider whose input includes the cache bills them. */
const billed = fc
  .record({
    fresh: fc.nat(),
    read: fc.nat(),
    write: fc.nat(),
    output: fc.nat(),
    share: fc.nat(100),
  })
  .map((counts) => ({
    ...counts,
    input: counts.fresh + counts.read + counts.write,
    reasoning: Math.floor((counts.output * counts.share) / 100),
  }));
type Billed = typeof billed extends fc.Arbitrary<infer T> ? T : never;

/** The same request as several APIs tell of it. */
const TELLINGS: [string, (request: Billed) => object][] = [
  [
    'Chat Completions',
    ({ input, read, write, output, reasoning }) => ({
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      prompt_tokens_details: { cached_tokens: read, cache_write_tokens: write },
      completion_tokens_details: { reasoning_tokens: reasoning },
    }),
  ],
  [
    'Chat Completions with reasoning outside',
    ({ input, read, write, output, reasoning }) => ({
      prompt_tokens: input,
      completion_tokens: output - reasoning,
      total_tokens: input + output,
      prompt_tokens_details: { cached_tokens: read, cache_write_tokens: write },
      completion_tokens_details: { reasoning_tokens: reasoning },
    }),
  ],
  [
    'Responses',
    ({ input, read, write, output, reasoning }) => ({
      input_tokens: input,
      input_tokens_details: { cached_tokens: read, cache_write_tokens: write },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
    }),
  ],
  [
    'Codex',
    ({ input, read, write, output, reasoning }) => ({
      input_tokens: input,
      cached_input_tokens: read,
      cache_write_input_tokens: write,
      output_tokens: output,
      reasoning_output_tokens: reasoning,
      total_tokens: input + output,
    }),
  ],
  [
    'Vercel AI SDK',
    ({ input, fresh, read, write, output, reasoning }) => ({
      inputTokens: input,
      inputTokenDetails: { noCacheTokens: fresh, cacheReadTokens: read, cacheWriteTokens: write },
      outputTokens: output,
      outputTokenDetails: { reasoningTokens: reasoning },
    }),
  ],
  [
    'Bedrock Converse',
    ({ fresh, read, write, output }) => ({
      inputTokens: fresh,
      outputTokens: output,
      totalTokens: fresh + output,
      cacheReadInputTokens: read,
      cacheWriteInputTokens: write,
    }),
  ],
  [
    'Anthropic',
    ({ fresh, read, write, output }) => ({
      input_tokens: fresh,
      output_tokens: output,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: write,
    }),
  ],
];

test.each(TELLINGS)('%s: input, reads, writes and output come out as billed', (_, tell) => {
  fc.assert(
    fc.property(billed, (request) => {
      const parsed = parseUsage(tell(request));
      expect(parsed?.usage).toStrictEqual({
        inputTokens: request.fresh,
        outputTokens: request.output,
        cacheReadTokens: request.read,
        cacheWrite5mTokens: request.write,
        cacheWrite1hTokens: 0,
        webSearchRequests: 0,
      });
      expect(parsed?.isSuspicious).toBe(false);
    }),
  );
});

test('cached tokens are never billed twice, reasoning never left out', () => {
  const counts = fc.record(
    {
      prompt_tokens: fc.nat(50),
      completion_tokens: fc.nat(50),
      total_tokens: fc.nat(150),
      prompt_tokens_details: fc.record(
        { cached_tokens: fc.nat(60), cache_write_tokens: fc.nat(20) },
        { requiredKeys: [] },
      ),
      completion_tokens_details: fc.record({ reasoning_tokens: fc.nat(60) }, { requiredKeys: [] }),
    },
    { requiredKeys: ['prompt_tokens'] },
  );
  fc.assert(
    fc.property(counts, (raw) => {
      const parsed = parseUsage(raw);
      if (parsed === null) throw new Error('no usage');
      const { inputTokens, cacheReadTokens, outputTokens } = parsed.usage;
      const { cacheWrite5mTokens, cacheWrite1hTokens } = parsed.usage;
      const input = inputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
      expect(parsed.isSuspicious || input === raw.prompt_tokens).toBe(true);
      const reasoning = raw.completion_tokens_details?.reasoning_tokens ?? 0;
      expect(outputTokens).toBeGreaterThanOrEqual(reasoning);
      expect(outputTokens).toBeLessThanOrEqual((raw.completion_tokens ?? 0) + reasoning);
    }),
  );
});
