import * as z from 'zod';
import type { CacheReport } from '../../reports/cache.ts';
import { group, reportShape, sum, time, totalsWith, usd } from '../parts.ts';
import { price, shownPrice } from '../prices.ts';
import { record } from '../record.ts';
import { schemaOf } from '../schema-of.ts';
import { answer, pageShape, period } from './parts.ts';

export const recordsAnswer = answer('records', {
  records: z.array(record),
  ...pageShape,
  nextCursor: z.string().nullable().describe('Null: this is the last page'),
  note: reportShape.note,
});

export const summaryAnswer = answer('summary', {
  timezone: z.string(),
  period,
  filters: reportShape.filters,
  totals: reportShape.totals,
  groups: reportShape.groups,
  totalCostUsd: usd,
  totalInputTokens: sum.describe('Input of every kind: uncached, cache reads and cache writes'),
  totalOutputTokens: sum,
  unmeteredRequests: reportShape.unmeteredRequests,
  unattributedCostNanoUsd: reportShape.unattributedCostNanoUsd,
  note: reportShape.note,
});

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const;

export const point = totalsWith({
  start: time.describe('When the local hour, day, week or month begins'),
  label: z.string(),
  groups: z.array(group).optional(),
}).meta({ id: 'point' });

export const timeseriesAnswer = answer('timeseries', {
  timezone: z.string(),
  interval: z.enum(INTERVALS),
  period,
  points: z.array(point),
});

const cacheShape = {
  savedNanoUsd: z.int().describe('Signed; accurate to about 0.001%'),
  savedUsd: z.number(),
  requests: z.int().describe('Requests that used a cache'),
  unknownRequests: z.int().describe('Those of them whose rates are not known; they are in no sum'),
};

export const cacheAnswer = answer('cache', {
  period,
  ...schemaOf<CacheReport & { savedUsd: number }>()(z.object(cacheShape)).shape,
});

export const pricingAnswer = answer('pricing', {
  at: z.string(),
  prices: z.array(price),
  shown: shownPrice.nullable().describe('The price of the requested model'),
});
