import type { Listing, Snapshot, Usd4 } from '../listing.ts';
import type { ListedFacts } from '../source.ts';

/** Input, output, cache read, cache write: zero where the library knows none. */
export type PiAiRates = [number, number, number, number];
/** Of one model: provider, id, type, rates, tiers. */
export type PiAiFact =
  | [string, string, string, PiAiRates]
  | [string, string, string, PiAiRates, [number, ...PiAiRates][]];

/** Reads the facts of @earendil-works/pi-ai: what holds on its day, nothing before it. */
export function readPiAi({ version, date, models }: ListedFacts<PiAiFact>): Snapshot {
  const source = `pi-ai ${version}`;
  const listings = models.flatMap(([provider, id, type, rates, tiers = []]): Listing[] => {
    // Flaw: one id for two ways of billing (a classifier's output is free). Rule: chat counts.
    if (type !== 'chat') return [];
    // Flaw: an unknown price is written as zero. Rule: zero as a whole says nothing; where another
    // source has the model free, that stays.
    if (rates[0] === 0 && rates[1] === 0) return [];
    const [tier] = tiers;
    const long = tier === undefined ? null : { above: tier[0], usd: known([...tier].slice(1)) };
    const usd = known(rates);
    const period = { from: '', usd, long, hours: '', source, sourceDate: date };
    const model = id.slice(id.lastIndexOf('/') + 1).toLowerCase();
    return [{ provider, model, names: [], periods: [period] }];
  });
  return { source, date, kind: 'current', listings };
}

/** Flaw: a cache price that is not listed is zero too. Rule: unknown, so that input is charged. */
function known(rates: number[]): Usd4 {
  const [input = 0, output = 0, read = 0, write = 0] = rates;
  return [input, output, read === 0 ? null : read, write === 0 ? null : write];
}
