import { RESELLERS } from '../../core/model/provider-names.ts';
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

/** Providers with a price list of their own; Anthropic's prices are maintained by hand. */
const VENDORS = [
  'ant-ling cohere deepseek google groq kimi-coding meta minimax mistral moonshotai openai perplexity',
  'voyageai xai xiaomi zai',
].flatMap((line) => line.split(' '));

/**
 * The table's providers in the order in which they are searched for a name that does not show who serves it:
 * the vendors, then the resellers in the order of how closely they follow the vendors' list prices.
 */
export const TABLE_PROVIDERS: readonly string[] = [...VENDORS, ...RESELLERS];
