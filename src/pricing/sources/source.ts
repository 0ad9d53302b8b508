import type { Snapshot } from './listing.ts';

/** The contents of a source's package, as stored in scripts/prices/. */
export interface ListedFacts<Fact> {
  /** The package, which names the source. */
  package: string;
  version: string;
  /** The date that version was published, YYYY-MM-DD. */
  date: string;
  models: Fact[];
}

/** An npm package that the built-in table is made from. */
export interface PriceSource<Fact = unknown> {
  name: string;
  /** The facts of a new version are stored next to those of the old one. */
  version: string;
  /** Whether `extract` reads this file of the package. */
  isWanted(path: string): boolean;
  /** One fact per model: names, numbers and dates, but no sentence or line of the package. */
  extract(files: ReadonlyMap<string, string>): Fact[];
  /** The prices according to the facts of one version; each flaw of the source is handled by a rule. */
  read(facts: ListedFacts<Fact>): Snapshot;
}

/** The table's providers; Anthropic's prices are maintained by hand. */
export const TABLE_PROVIDERS = ['openai', 'google', 'groq', 'mistral', 'xai', 'deepseek'] as const;
