import type { Snapshot } from './listing.ts';

/** What a source's package lists, as scripts/prices/ keeps it. */
export interface ListedFacts<Fact> {
  /** The package, which names the source. */
  package: string;
  version: string;
  /** The day that version was published, YYYY-MM-DD. */
  date: string;
  models: Fact[];
}

/** A package on npm that the built-in table is made of. */
export interface PriceSource<Fact = unknown> {
  name: string;
  /** A new version's facts come beside the old one's. */
  version: string;
  /** Whether a file of the package is one that `extract` reads. */
  isWanted(path: string): boolean;
  /** One fact a model: names, numbers, dates; no sentence and no line of the package. */
  extract(files: ReadonlyMap<string, string>): Fact[];
  /** What the facts of one version say of prices; each flaw of the source with its rule. */
  read(facts: ListedFacts<Fact>): Snapshot;
}

/** Of the table; Anthropic's prices are kept by hand. */
export const TABLE_PROVIDERS = ['openai', 'google', 'groq', 'mistral', 'xai', 'deepseek'] as const;
