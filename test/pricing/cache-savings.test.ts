import { describe, expect, test } from 'vitest';
import { cacheSavings } from '../../src/pricing/cache-savings.ts';
import type { UnpricedRecord } from '../../src/core/record/cost-record.ts';
import { priceRecord } from '../../src/pricing/price-record.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';

const prices = builtinPrices();

function draftOf(
  facts: Partial<UnpricedRecord['usage']>,
  rest: Partial<UnpricedRecord> = {},
): UnpricedRecord {
  return {
    id: 'msg_1|req_1',
    messageId: 'msg_1',
    requestId: 'req_1',
    client: 'claude-code',
    source: 'import',
    occurredAtMs: Date.parse('2026-11-20T10:00:00Z'),
    describedAtMs: 0,
    modelRaw: 'claude-opus-4-5',
    modifiers: { serviceTier: null, speed: null, inferenceGeo: null },
    iterations: [],
    refusedAttempt: null,
    usage: {
      inputTokens: 10,
      outputTokens: 20,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      webSearchRequests: 0,
      ...facts,
    },
    isOutputFinal: true,
    sideKind: null,
    toolName: null,
    toolAtMs: null,
    chargedNanoUsd: null,
    marks: null,
    claim: {
      sessionId: 's',
      isExplicit: false,
      isCopied: false,
      isInMainFile: true,
      isMainThread: true,
      agentId: null,
      agentType: null,
      promptId: null,
      cwd: null,
      gitBranch: null,
      clientVersion: null,
    },
    ...rest,
  };
}

function savings(draft: UnpricedRecord): number | null {
  return cacheSavings(draft, priceRecord(draft, prices).costNanoUsd, prices);
}

describe('what the cache saved (Opus 4.5: input $5, write $6.25 and $10, read $0.50)', () => {
  test.each<[Partial<UnpricedRecord['usage']>, number]>([
    [{}, 0],
    [{ cacheReadTokens: 1000 }, 1000 * (5000 - 500)],
    [{ cacheWrite5mTokens: 1000 }, 1000 * (5000 - 6250)],
    [{ cacheWrite1hTokens: 1000 }, 1000 * (5000 - 10_000)],
    [
      { cacheReadTokens: 3000, cacheWrite5mTokens: 20, cacheWrite1hTokens: 10 },
      3000 * 4500 - 20 * 1250 - 10 * 5000,
    ],
    [{ cacheReadTokens: 1000, webSearchRequests: 3 }, 1000 * 4500],
  ])('%j: %i nano-USD', (usage, saved) => {
    expect(savings(draftOf(usage))).toBe(saved);
  });

  test('half of it in a batch', () => {
    const modifiers = { serviceTier: 'batch', speed: null, inferenceGeo: null };
    expect(savings(draftOf({ cacheReadTokens: 1000 }, { modifiers }))).toBe(1000 * 2250);
  });

  test('is not known where the price is not that of the record', () => {
    const draft = draftOf({ cacheReadTokens: 1000 });
    expect(cacheSavings(draft, 1, prices)).toBe(null);
    expect(cacheSavings(draft, null, prices)).toBe(null);
    expect(cacheSavings({ ...draft, chargedNanoUsd: 5 }, 5, prices)).toBe(null);
  });
});
