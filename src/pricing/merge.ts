import type { ListedPeriod, Listing, Snapshot, Usd4 } from './sources/listing.ts';

interface Merged {
  provider: string;
  model: string;
  names: Set<string>;
  periods: ListedPeriod[];
}

/**
 * Merges snapshots, oldest first. Append-only: a model that a later source no longer lists stays, and a
 * changed price closes its period and opens another.
 */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Listing[] {
  const merged: Merged[] = [];
  for (const snapshot of [...snapshots].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    for (const listing of snapshot.listings) lay(merged, listing, snapshot);
  }
  return merged.map((entry) => ({
    ...entry,
    names: [...entry.names].sort(),
    // Stable, so that rows for hours of the day stay behind the row of their period.
    periods: entry.periods.sort((a, b) => (a.from < b.from ? -1 : Number(a.from > b.from))),
  }));
}

function lay(merged: Merged[], listing: Listing, { kind, date }: Snapshot): void {
  const { provider, model, names, periods } = listing;
  const own = merged.find((entry) => entry.provider === provider && entry.model === model);
  const named = merged.find((entry) => entry.provider === provider && entry.names.has(model));
  const entry = own ?? named;
  if (entry === undefined) {
    merged.push({ provider, model, names: new Set(names), periods: [...periods] });
    return;
  }
  const [current] = periods;
  if (kind === 'current' && current !== undefined) {
    if (confirm(entry, current, date)) return;
    if (own === undefined) {
      // Listed as another name of a model with a different price: it is a model of its own.
      entry.names.delete(model);
      // A moving name (`-latest`) did have that price once; a fixed one never did.
      const past = model.endsWith('-latest') ? entry.periods : [];
      const from = past.length > 0 ? date : '';
      const next = [...past, { ...current, from }];
      merged.push({ provider, model, names: new Set(), periods: next });
      return;
    }
    entry.periods.push({ ...current, from: date });
    return;
  }
  for (const name of names) entry.names.add(name);
  for (const period of periods) {
    if (period.hours !== '' || confirm(entry, period, period.from || date)) continue;
    // A changed price without a date of its own applies from the source's date on.
    entry.periods.push({ ...period, from: period.from || date });
  }
}

/** Whether the table has the same price for that day; fills in what the table lacks. */
function confirm(entry: Merged, period: ListedPeriod, date: string): boolean {
  const inForce = entry.periods.filter(({ from }) => from <= date);
  const newest = inForce.findLast(({ hours }) => hours === '')?.from ?? '';
  // Flaw: pi-ai has one price where DeepSeek has a day price and a night price. Rule: accept either.
  const same = inForce.find((existing) => existing.from === newest && isSame(existing, period));
  if (same === undefined) return false;
  const place = entry.periods.indexOf(same);
  entry.periods[place] = {
    ...same,
    usd: fill(same.usd, period.usd),
    long:
      same.long === null || period.long === null
        ? same.long
        : { ...same.long, usd: fill(same.long.usd, period.long.usd) },
    source: same.source.split('; ').includes(period.source)
      ? same.source
      : `${same.source}; ${period.source}`,
    sourceDate: period.sourceDate,
  };
  return true;
}

/** A price that one of the two lacks is not a difference. */
function isSame(a: ListedPeriod, b: ListedPeriod): boolean {
  if (!sameRates(a.usd, b.usd)) return false;
  if (a.long === null || b.long === null) return a.long === b.long;
  // "From 272,000 on" and "above 272,000": the sources differ by one token.
  return Math.abs(a.long.above - b.long.above) <= 1 && sameRates(a.long.usd, b.long.usd);
}

function sameRates(a: Usd4, b: Usd4): boolean {
  return a.every((rate, place) => rate === null || b[place] == null || rate === b[place]);
}

function fill(a: Usd4, b: Usd4): Usd4 {
  return [a[0], a[1], a[2] ?? b[2], a[3] ?? b[3]];
}
