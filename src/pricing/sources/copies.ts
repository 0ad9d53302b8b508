import { RESELLERS } from '../../core/model/provider-names.ts';
import type { ListedPeriod, Listing, Usd4 } from './listing.ts';

/** A reseller's price that is further from the first one than this is a flaw of the source. */
const MAX_FACTOR = 10;

/**
 * Leaves out a reseller's price that equals the one its model's name leads to without a provider: most
 * resellers repeat the vendors' lists, and the lookup falls back to them.
 * @param listings in the order in which the lookup searches
 */
export function withoutCopies(listings: readonly Listing[]): Listing[] {
  const kept: Listing[] = [];
  /** By name, the place among those kept of the listing that the lookup finds first. */
  const places = new Map<string, number>();
  for (const listing of listings) {
    const { provider, model, names } = listing;
    const place = places.get(model);
    const first = place === undefined ? undefined : kept[place];
    if (place !== undefined && first !== undefined && RESELLERS.includes(provider)) {
      const completed = withCachePrices(first, listing);
      kept[place] = completed;
      if (isImplausible(listing, completed) || isCopy(listing, completed)) continue;
    }
    for (const name of [model, ...names]) if (!places.has(name)) places.set(name, kept.length);
    kept.push(listing);
  }
  return kept;
}

function isCopy({ periods }: Listing, first: Listing): boolean {
  const [own] = periods;
  const current = findCurrent(first);
  if (own === undefined || current === undefined || periods.length > 1) return false;
  if (own.long !== null && current.long === null) return false;
  // A cache price that the reseller's list lacks is not a difference.
  return own.usd.every((rate, place) => rate === null || rate === current.usd[place]);
}

function isImplausible(listing: Listing, first: Listing): boolean {
  const [own, current] = [findCurrent(listing), findCurrent(first)];
  return [0, 1].some((place) => {
    const [a, b] = [own?.usd[place] ?? 0, current?.usd[place] ?? 0];
    return a > 0 && b > 0 && (a > b * MAX_FACTOR || b > a * MAX_FACTOR);
  });
}

/** Flaw: some resellers list no cache prices. Rule: those of another reseller with the same prices. */
function withCachePrices(first: Listing, listing: Listing): Listing {
  const [current, other] = [findCurrent(first), findCurrent(listing)];
  if (current === undefined || other === undefined) return first;
  const [input, output, read, write] = current.usd;
  const isSame = input === other.usd[0] && output === other.usd[1];
  if (read !== null || !isSame || !RESELLERS.includes(first.provider)) return first;
  const usd: Usd4 = [input, output, other.usd[2], write];
  const periods = first.periods.map((period) => (period === current ? { ...period, usd } : period));
  return { ...first, periods };
}

function findCurrent({ periods }: Listing): ListedPeriod | undefined {
  return periods.findLast(({ hours }) => hours === '');
}
