import * as z from 'zod';
import { PRICE_LAYERS, UNKNOWN_BASES } from '../pricing/layers.ts';
import type { Estimate, EstimateRange } from '../reports/estimate.ts';
import type { PriceDifference, PriceJson, ShownPrice } from '../reports/prices.ts';
import { document, openText, sum, time, usd } from './parts.ts';
import { schemaOf } from './schema-of.ts';

const ratesShape = {
  input: z.number(),
  output: z.number(),
  cacheWrite5m: z.number(),
  cacheWrite1h: z.number(),
  cacheRead: z.number(),
};

export const price = schemaOf<PriceJson>()(
  z
    .looseObject({
      id: z.string(),
      model: z.string(),
      provider: z.string().nullable(),
      family: z.string().nullable(),
      from: time.nullable().describe('Null: no start'),
      to: time.nullable(),
      usdPerMillion: z.looseObject(ratesShape).describe('USD per million tokens'),
      fastMultiplier: z.number().nullable(),
      longPrompt: z.looseObject({ abovePromptTokens: z.int(), ...ratesShape }).nullable(),
      layer: z.enum(PRICE_LAYERS),
      source: z.string(),
      sourceDate: z.string().nullable(),
    })
    .meta({ id: 'price' }),
);

const shownShape = {
  asked: z.string(),
  model: z.string(),
  at: time,
  basis: openText<ShownPrice['basis']>(),
  why: z.string(),
  price: price.nullable(),
  periods: z.array(price),
};

export const shownPrice = schemaOf<ShownPrice>()(z.looseObject(shownShape));

export const pricingShow = document(shownShape);

export const pricingList = document({ prices: z.array(price) });

export const pricingUnknown = document({
  models: z.array(
    z.looseObject({
      model: z.string(),
      priceBasis: z.enum(UNKNOWN_BASES),
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

const difference = schemaOf<PriceDifference>()(
  z.looseObject({ model: z.string(), builtin: price.nullable(), updated: price }),
);

export const pricingDiff = document({
  differences: z.array(difference),
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

const range = schemaOf<EstimateRange>()(
  z.looseObject({ low: z.number(), mid: z.number(), high: z.number() }),
);

const estimated = schemaOf<Estimate>()(
  z.looseObject({
    asked: z.string(),
    model: z.string(),
    tokens: range,
    priceBasis: z.string(),
    priceId: z.string().nullable(),
    costNanoUsd: range.nullable().describe('As uncached input, without the cost of the response'),
    costUsd: range.nullable(),
  }),
);

export const estimate = document({
  characters: z.int(),
  estimates: z.array(estimated),
});

export const pricingAliases = document({
  aliases: z.array(
    z.looseObject({
      name: z.string().describe('As it is sent'),
      model: z.string().describe('The model it is priced as'),
    }),
  ),
});

export const priceDocuments = {
  'pricing-show': { title: 'pricing show', schema: pricingShow },
  'pricing-list': { title: 'pricing list', schema: pricingList },
  'pricing-unknown': { title: 'pricing unknown', schema: pricingUnknown },
  'pricing-update': { title: 'pricing update', schema: pricingUpdate },
  'pricing-alias-list': { title: 'pricing alias list', schema: pricingAliases },
  'pricing-diff': { title: 'pricing diff', schema: pricingDiff },
  reprice: { title: 'reprice', schema: reprice },
  estimate: { title: 'estimate', schema: estimate },
};
