/** The price used for a model without one: that of a family's newest row, zero, or none. */
export type PriceFallback = 'opus' | 'sonnet' | 'zero' | 'none';

/** How budgets count requests without a known price. */
export const UNPRICED_RULES = ['count', 'highest-price', 'block'] as const;
export type UnpricedRule = (typeof UNPRICED_RULES)[number];
