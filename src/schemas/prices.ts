import * as z from 'zod';
import { document, sum, time, usd } from './parts.ts';

const ratesShape = {
  input: z.number(),
  output: z.number(),
  cacheWrite5m: z.number(),
  cacheWrite1h: z.number(),
  cacheRead: z.number(),
};

export const price = z
  .looseObject({
    id: z.string(),
    model: z.string(),
    provider: z.string().nullable(),
    family: z.string().nullable(),
    from: time.nullable().describe('Null: open'),
    to: time.nullable(),
    usdPerMillion: z.looseObject(ratesShape).describe('USD per million tokens'),
    fastMultiplier: z.number().nullable(),
    longPrompt: z.looseObject({ abovePromptTokens: z.int(), ...ratesShape }).nullable(),
    layer: z.enum(['environment', 'file', 'updated', 'built-in', 'rule']),
    source: z.string(),
    sourceDate: z.string().nullable(),
  })
  .meta({ id: 'price' });

export const pricingShow = document({
  asked: z.string(),
  model: z.string(),
  at: time,
  basis: z.string(),
  why: z.string(),
  price: price.nullable(),
  periods: z.array(price),
});

export const pricingList = document({ prices: z.array(price) });

export const pricingUnknown = document({
  models: z.array(
    z.looseObject({
      model: z.string(),
      priceBasis: z.enum(['fallback', 'none']),
      requests: z.int(),
      costNanoUsd: sum.nullable(),
      costUsd: usd.nullable(),
      promptTokens: z.int(),
      outputTokens: z.int(),
      lastAt: time,
    }),
  ),
});

export const pricingUpdate = document({
  source: z.string(),
  date: z.string(),
  dryRun: z.boolean(),
  checked: z.int(),
  changed: z.array(z.string()),
  path: z.string(),
});

export const pricingDiff = document({
  differences: z.array(
    z.looseObject({ model: z.string(), builtin: price.nullable(), updated: price }),
  ),
});

const changeShape = {
  requests: z.int(),
  oldCostNanoUsd: sum,
  newCostNanoUsd: sum,
  oldCostUsd: usd,
  newCostUsd: usd,
};

export const reprice = document({
  dryRun: z.boolean(),
  all: z.boolean(),
  written: z.int(),
  totals: z.looseObject(changeShape),
  models: z.array(
    z.looseObject({
      model: z.string(),
      oldBases: z.array(z.string()),
      newBases: z.array(z.string()),
      ...changeShape,
    }),
  ),
});

const range = z.looseObject({ low: z.number(), mid: z.number(), high: z.number() });

export const estimate = document({
  characters: z.int(),
  estimates: z.array(
    z.looseObject({
      asked: z.string(),
      model: z.string(),
      tokens: range,
      priceBasis: z.string(),
      priceId: z.string().nullable(),
      costNanoUsd: range.nullable().describe('As input, without what the answer costs'),
      costUsd: range.nullable(),
    }),
  ),
});

export const priceDocuments = {
  'pricing-show': { title: 'pricing show', schema: pricingShow },
  'pricing-list': { title: 'pricing list', schema: pricingList },
  'pricing-unknown': { title: 'pricing unknown', schema: pricingUnknown },
  'pricing-update': { title: 'pricing update', schema: pricingUpdate },
  'pricing-diff': { title: 'pricing diff', schema: pricingDiff },
  reprice: { title: 'reprice', schema: reprice },
  estimate: { title: 'estimate', schema: estimate },
};
