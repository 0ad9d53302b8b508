import {
  type Listing,
  type Snapshot,
  type Usd4,
  firstOfEach,
  isTextModel,
  listedName,
} from '../listing.ts';
import type { ListedFacts } from '../source.ts';

/** Input, output, cache read, cache write: zero if the library does not know the price. */
export type PiAiRates = [number, number, number, number];
/** For one model: provider, id, type, rates, tiers. */
export type PiAiFact =
  | [string, string, string, PiAiRates]
  | [string, string, string, PiAiRates, [number, ...PiAiRates][]];

/** Reads the facts of @earendil-works/pi-ai: the prices on its date, without history. */
export function readPiAi({ version, date, models }: ListedFacts<PiAiFact>): Snapshot {
  const source = `pi-ai ${version}`;
  const listings = models.flatMap(([provider, id, type, rates, tiers = []]): Listing[] => {
    // Flaw: one id for two ways of billing (a classifier's output is free). Rule: chat wins.
    if (type !== 'chat') return [];
    const model = listedName(provider, id);
    if (!isTextModel(model)) return [];
    // Flaw: an unknown price is written as zero. Rule: all zeros mean unknown; if another source lists the
    // model as free, it stays free.
    if (rates[0] === 0 && rates[1] === 0) return [];
    // Flaw: routers list what chooses a model at a price of -1.
    if (rates.some((rate) => rate < 0)) return [];
    const [tier] = tiers;
    const long =
      tier === undefined ? null : { above: tier[0], usd: withoutZeros([...tier].slice(1)) };
    const usd = withoutZeros(rates);
    const period = { from: '', usd, long, hours: '', source, sourceDate: date };
    return [{ provider, model, names: [], periods: [period] }];
  });
  // Flaw: routers list several makers' models under one last part of a path. Rule: the first counts.
  return { source, date, kind: 'current', listings: firstOfEach(listings) };
}

/** Flaw: a missing cache price is zero as well. Rule: unknown, so that it is charged as input. */
function withoutZeros(rates: number[]): Usd4 {
  const [input = 0, output = 0, read = 0, write = 0] = rates;
  return [input, output, read === 0 ? null : read, write === 0 ? null : write];
}
