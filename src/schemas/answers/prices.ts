import * as z from 'zod';
import { price, shownPrice } from '../prices.ts';
import { answer } from './parts.ts';

export const pricingAnswer = answer('pricing', {
  at: z.string(),
  prices: z.array(price),
  shown: shownPrice.nullable().describe('Of the model asked for'),
});
