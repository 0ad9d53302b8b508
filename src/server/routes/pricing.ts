import * as z from 'zod';
import { listPrices, showPrice } from '../../reports/prices.ts';
import { pricingAnswer } from '../../schemas/answers/costs.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';

const text = z.string().min(1).max(200).optional();

export const pricingRoute = route({
  method: 'get',
  path: '/api/costs/pricing',
  summary: 'The prices in force; for one model also the reason and the source',
  access: 'token',
  query: z.strictObject({
    model: text.describe('A name or alias of one model'),
    provider: text,
    search: text.describe('Only models whose name contains this text'),
    at: z.iso
      .datetime({ offset: true })
      .or(z.iso.date())
      .optional()
      .describe('The prices at this time (UTC); default: now'),
  }),
  answer: pricingAnswer,
  thread: 'reports',
  respond: ({ query, receivedAtMs }, worker) => {
    const { model, provider, search, at } = query;
    const atMs = at === undefined ? receivedAtMs : Date.parse(at);
    const filter = {
      provider: provider?.toLowerCase() ?? null,
      text: search?.toLowerCase() ?? null,
    };
    const shown = model === undefined ? null : showPrice(worker.prices, model, atMs);
    const one = shown?.price ?? null;
    return {
      ...answerHead(receivedAtMs),
      at: new Date(atMs).toISOString(),
      prices: shown === null ? listPrices(worker.prices, atMs, filter) : one === null ? [] : [one],
      shown,
    };
  },
});
