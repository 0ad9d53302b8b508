/** Where a user's own prices and updates come from; the first layer that has a price wins. */
export const OVERRIDE_LAYERS = ['environment', 'file', 'updated'] as const;
export type OverrideLayer = (typeof OVERRIDE_LAYERS)[number];

/** The layer that a price comes from; `rule`: a rule rather than a table. */
export const PRICE_LAYERS = [...OVERRIDE_LAYERS, 'built-in', 'rule'] as const;
export type PriceLayer = (typeof PRICE_LAYERS)[number];

/**
 * How a request was priced whose cost is not known: by another model's price, or not at all because its model
 * has no price or because its counts can't be read.
 */
export const UNKNOWN_BASES = ['fallback', 'none', 'unmetered'] as const;
export type UnknownBasis = (typeof UNKNOWN_BASES)[number];
