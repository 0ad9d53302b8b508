/** What stands in for a model without a price: a family's newest row, zero, or nothing. */
export type PriceFallback = 'opus' | 'sonnet' | 'zero' | 'none';

/** How requests without a price of their own count in budgets. */
export const UNPRICED_RULES = ['count', 'highest-price', 'block'] as const;
export type UnpricedRule = (typeof UNPRICED_RULES)[number];
