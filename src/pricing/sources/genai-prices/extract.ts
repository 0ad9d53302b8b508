import { TABLE_PROVIDERS } from '../source.ts';
import { readLiteral } from './js-literal.ts';
import type { GenaiFact, GenaiPrice } from './read.ts';

/** Providers whose name in the package differs from that in the table. */
const RENAMED_PROVIDERS: Readonly<Record<string, string>> = {
  'x-ai': 'xai',
  aws: 'bedrock',
  cloudflare: 'cloudflare-workers-ai',
};

const KEYS = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok'] as const;
type Key = (typeof KEYS)[number];

interface Logic {
  or?: Logic[];
  equals?: string;
  starts_with?: string;
}

interface Tiered {
  base: number;
  tiers: { start: number; price: number }[];
}

type Prices = Partial<Record<Key, number | Tiered>>;

type Constraint =
  | { type: 'start_date'; start_date: string }
  | { type: 'time_of_date'; start_time: string; end_time: string };

interface Dated {
  constraint?: Constraint;
  prices: Prices;
}

interface Model {
  id: string;
  match: Logic;
  price_comments?: string;
  prices: Prices | Dated[];
}

/** The package has its data inside its program: the literal is parsed, nothing is executed. */
export function extractGenaiPrices(files: ReadonlyMap<string, string>): GenaiFact[] {
  const text = files.get('dist/index.cjs') ?? '';
  const start = /=\s*(?=\[\s*\{\s*id:)/.exec(text);
  if (start === null) throw new Error('genai-prices: dist/index.cjs has no list of providers');
  const literal = readLiteral(text, start.index + start[0].length);
  return (literal as { id: string; models: Model[] }[]).flatMap(({ id, models }) => {
    const provider = RENAMED_PROVIDERS[id] ?? id;
    if (!TABLE_PROVIDERS.some((name) => name === provider)) return [];
    return models
      .filter((model) => !/claude/i.test(model.id))
      .map((model): GenaiFact => {
        const [names, flag, prices] = [listNames(model), toFlag(model), listPrices(model)];
        return [provider, model.id, names, flag, ...prices];
      });
  });
}

/** `equals` and `starts_with` name a model; `contains` and `regex` are the library's guesses. */
function listNames({ id, match }: Model): string[] {
  const names = (match.or ?? [match]).flatMap((one) => one.equals ?? one.starts_with ?? []);
  return [...new Set(names)].filter((name) => name !== id);
}

/** A keyword for what a remark of the library states about a price. */
function toFlag({ price_comments: comments = '' }: Model): string {
  return /(?:imported from|seen on|trusting) open ?router/i.test(comments) ? 'router' : '';
}

function listPrices({ prices }: Model): GenaiPrice[] {
  const list: Dated[] = Array.isArray(prices) ? prices : [{ prices }];
  return list.map((dated) => toPrice(formatConstraint(dated.constraint), dated.prices));
}

function formatConstraint(constraint: Constraint | undefined): string {
  if (constraint === undefined) return '';
  if (constraint.type === 'start_date') return constraint.start_date;
  return `${constraint.start_time.slice(0, 5)}-${constraint.end_time.slice(0, 5)}`;
}

/** The rates, then those of a long prompt if there is a tier; null if nothing is listed. */
function toPrice(constraint: string, prices: Prices): GenaiPrice {
  if (Object.keys(prices).length === 0) return [constraint, ['free']];
  const [input, output, read, write] = KEYS;
  const base = (key: Key): number | null => {
    const price = prices[key];
    return typeof price === 'object' ? price.base : (price ?? null);
  };
  const tiers = (key: Key): Tiered['tiers'] => {
    const price = prices[key];
    return typeof price === 'object' ? price.tiers : [];
  };
  const rates: GenaiPrice[1] = [base(input), base(output), base(read), base(write)];
  const starts = new Set(KEYS.flatMap((key) => tiers(key).map(({ start }) => start)));
  if (starts.size > 1)
    throw new Error(`tiers of ${JSON.stringify(prices)} do not start at the same size`);
  const [above] = starts;
  if (above === undefined) return [constraint, rates];
  return [constraint, rates, [above, ...KEYS.map((key) => tiers(key)[0]?.price ?? base(key))]];
}
