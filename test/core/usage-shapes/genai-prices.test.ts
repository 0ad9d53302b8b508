import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseUsage } from '../../../src/core/usage-shapes/parse.ts';
import { SAMPLES } from './samples.ts';

/**
 * The same samples through another reader: `@pydantic/genai-prices`, which is no dependency of
 * ours. To run it: `npm pack @pydantic/genai-prices@0.1.8`, unpack that, and set GENAI_PRICES to
 * the folder `package`.
 */
interface GenaiPrices {
  findProvider(options: { providerId: string }): object | undefined;
  extractUsage(
    provider: object,
    response: unknown,
    flavor: string,
  ): { model: string | null; usage: Record<string, number | undefined> };
}

function load(): GenaiPrices | null {
  const folder = process.env['GENAI_PRICES'];
  const name = folder === undefined ? '@pydantic/genai-prices' : join(folder, 'dist', 'index.cjs');
  if (folder !== undefined && !existsSync(name)) throw new Error(`GENAI_PRICES: no ${name}`);
  try {
    return createRequire(import.meta.url)(name) as GenaiPrices;
  } catch {
    return null;
  }
}

const library = load();
if (library === null) {
  console.log('skipped: no @pydantic/genai-prices here to check with (set GENAI_PRICES)');
}

describe.skipIf(library === null)("genai-prices' own extraction", () => {
  test.each(
    SAMPLES.flatMap((sample) =>
      sample.known === null ? [] : [{ ...sample, known: sample.known }],
    ),
  )('$name', ({ response, known: [providerId, flavor] }) => {
    const provider = library?.findProvider({ providerId });
    if (library === null || provider === undefined) throw new Error(`no provider ${providerId}`);
    const theirs = library.extractUsage(provider, response, flavor).usage;
    const ours = parseUsage(response)?.usage;
    if (ours === undefined) throw new Error('no usage');
    const written = ours.cacheWrite5mTokens + ours.cacheWrite1hTokens;
    expect({
      input: ours.inputTokens + ours.cacheReadTokens + written,
      output: ours.outputTokens,
      read: ours.cacheReadTokens,
      written,
    }).toEqual({
      input: theirs['input_tokens'],
      output: theirs['output_tokens'],
      read: theirs['cache_read_tokens'] ?? 0,
      written: theirs['cache_write_tokens'] ?? 0,
    });
  });
});
