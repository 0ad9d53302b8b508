/** Where a user's own prices and updates come from; the first layer that has a price wins. */
export const OVERRIDE_LAYERS = ['environment', 'file', 'updated'] as const;
export type OverrideLayer = (typeof OVERRIDE_LAYERS)[number];

/** The layer that a price comes from; `rule`: a rule rather than a table. */
export const PRICE_LAYERS = [...OVERRIDE_LAYERS, 'built-in', 'rule'] as const;
export type PriceLayer = (typeof PRICE_LAYERS)[number];

/** How a request was priced whose model has no price: by another model's, or not at all. */
export const UNKNOWN_BASES = ['fallback', 'none'] as const;
export type UnknownBasis = (typeof UNKNOWN_BASES)[number];
