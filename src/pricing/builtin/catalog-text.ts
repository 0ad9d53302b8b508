import { nameCandidates } from '../../core/model/provider-names.ts';
import type { Sources } from './catalog.ts';
import type { ListedPeriod, Listing, Usd4 } from '../sources/listing.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Writes the format that `readCatalog` reads, with the providers in the order given. */
export function writeCatalog(listings: readonly Listing[]): { text: string; sources: Sources } {
  const sources: Record<string, readonly [string, string]> = {};
  const formatSourceLetter = ({ source, sourceDate }: ListedPeriod): string => {
    const existing = Object.entries(sources).find(([, [s, d]]) => s === source && d === sourceDate);
    if (existing !== undefined) return existing[0];
    const letter = LETTERS[Object.keys(sources).length];
    if (letter === undefined) throw new Error('there are more sources than letters');
    sources[letter] = [source, sourceDate];
    return letter;
  };
  const lines: string[] = [];
  for (const provider of new Set(listings.map((listing) => listing.provider))) {
    lines.push(`@${provider}`);
    const mine = listings.filter((listing) => listing.provider === provider);
    for (const listing of mine.sort((a, b) => (a.model < b.model ? -1 : 1))) {
      const names = [listing.model, ...neededNames(listing, mine)].join(',');
      const periods = listing.periods.map(
        (period) => formatSourceLetter(period) + writePeriod(period),
      );
      lines.push(`${names}|${periods.join(';')}`);
    }
  }
  return { text: lines.join('\n'), sources };
}

/** The names that no rule of the lookup maps to this model; others need not be in the table. */
function neededNames({ model, names }: Listing, all: readonly Listing[]): string[] {
  const owners = new Map<string, string>();
  for (const other of all) {
    for (const name of other.names) owners.set(name, other.model);
  }
  for (const other of all) owners.set(other.model, other.model);
  const needed: string[] = [];
  for (const name of names) {
    if (owners.get(name) !== model) continue;
    owners.delete(name);
    const next = nameCandidates(name).find((candidate) => owners.has(candidate.name));
    if (next !== undefined && owners.get(next.name) === model) continue;
    owners.set(name, model);
    needed.push(name);
  }
  return needed;
}

function writePeriod({ from, usd, long, hours }: ListedPeriod): string {
  const day = from === '' ? '' : `${from}=`;
  const tier = long === null ? '' : `>${long.above} ${writeRates(long.usd)}`;
  return `${day}${writeRates(usd)}${tier}${hours === '' ? '' : `~${hours}`}`;
}

function writeRates([input, output, read, write]: Usd4): string {
  const rates = [input, output].map(writeNumber);
  if (read !== null || write !== null) rates.push(read === null ? '-' : writeNumber(read));
  if (write !== null) rates.push(writeNumber(write));
  return rates.join(' ');
}

function writeNumber(value: number): string {
  const text = String(value);
  if (!Number.isFinite(value) || value < 0 || text.includes('e')) {
    throw new Error(`not a price: ${text}`);
  }
  return text.replace(/^0\./, '.');
}
