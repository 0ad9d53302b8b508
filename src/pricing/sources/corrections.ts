import type { ListedPeriod, Listing, Usd4 } from './listing.ts';

/**
 * What both packages have wrong or lack, corrected by hand, each with its source. Applied to the merged
 * table: periods replace a model's own, names are added.
 */

interface Correction {
  provider: string;
  model: string;
  /** Replaces all periods before `until` (all of them if it is not set). */
  periods?: readonly ListedPeriod[];
  until?: string;
  addNames?: readonly string[];
  /** Names that belong to another model. */
  dropNames?: readonly string[];
}

const DEEPSEEK_PAGE = { source: "DeepSeek's price page", sourceDate: '2025-09-05' } as const;
const DEEPSEEK_V32 = { source: "DeepSeek's price page", sourceDate: '2026-04-13' } as const;
const DEEPSEEK_V4 = { source: 'genai-prices 0.1.8, remarks', sourceDate: '2026-09-23' } as const;

interface Source {
  source: string;
  sourceDate: string;
}

function period(from: string, usd: Usd4, source: Source, hours = ''): ListedPeriod {
  return { from, usd, long: null, hours, ...source };
}

/**
 * Flaw: genai-prices has DeepSeek's night discount without its first and last day, and no prices after it.
 */
function deepseekV3(day: Usd4, night: Usd4): ListedPeriod[] {
  return [
    period('', day, DEEPSEEK_PAGE),
    period('2025-02-26T16:30Z', night, DEEPSEEK_PAGE),
    period('2025-02-26T16:30Z', day, DEEPSEEK_PAGE, '0030-1630'),
    period('2025-09-05T16:00Z', [0.56, 1.68, 0.07, null], DEEPSEEK_PAGE),
    period('2025-09-29', [0.28, 0.42, 0.028, null], DEEPSEEK_V32),
  ];
}

/**
 * Flaw: genai-prices can't express that the hours of the higher price apply only since 2026-08-17, nor that
 * since 2026-08-23 they exclude the weekend; its remarks state both.
 */
function deepseekV4(before: Usd4, low: Usd4, high: Usd4): ListedPeriod[] {
  const hours = '0100-0400,0600-1000';
  return [
    period('', before, DEEPSEEK_V4),
    period('2026-08-17', low, DEEPSEEK_V4),
    period('2026-08-17', high, DEEPSEEK_V4, hours),
    period('2026-08-23', low, DEEPSEEK_V4),
    period('2026-08-23', high, DEEPSEEK_V4, `${hours}w`),
  ];
}

// prettier-ignore
const CORRECTIONS: readonly Correction[] = [
  { provider: 'deepseek', model: 'deepseek-chat', periods: deepseekV3([0.27, 1.1, 0.07, null], [0.135, 0.55, 0.035, null]) },
  { provider: 'deepseek', model: 'deepseek-reasoner', periods: deepseekV3([0.55, 2.19, 0.14, null], [0.135, 0.55, 0.035, null]) },
  { provider: 'deepseek', model: 'deepseek-v4-flash', periods: deepseekV4([0.14, 0.28, 0.0028, null], [0.22, 0.66, 0.007, null], [0.44, 1.32, 0.014, null]) },
  { provider: 'deepseek', model: 'deepseek-v4-pro', periods: deepseekV4([0.435, 0.87, 0.003625, null], [0.66, 1.98, 0.022, null], [1.32, 3.96, 0.044, null]) },

  // Flaw: genai-prices has today's cached price (a quarter of 2) next to the old input price.
  { provider: 'openai', model: 'o3', until: '2025-06-10', periods: [period('', [10, 40, 2.5, null], { source: "OpenAI's price page", sourceDate: '2025-04-16' })] },

  // Flaw: genai-prices mistakes Medium 3 for Medium 3.5. OpenRouter's row in pi-ai has 0.40 and 2.
  { provider: 'mistral', model: 'mistral-medium-3-5', dropNames: ['mistral-medium-3'] },
  { provider: 'mistral', model: 'mistral-medium-3-1', addNames: ['mistral-medium-3', 'mistral-medium-3.1'] },

  // Flaw: names that genai-prices covers by a prefix (`magistral-medium…`), which would also cover other
  // versions. Rule: the versions that the vendor lists.
  { provider: 'mistral', model: 'magistral-medium', addNames: ['magistral-medium-2506', 'magistral-medium-2507', 'magistral-medium-2509'] },
  { provider: 'mistral', model: 'magistral-small', addNames: ['magistral-small-2506', 'magistral-small-2507', 'magistral-small-2509', 'magistral-small-latest'] },
  { provider: 'mistral', model: 'devstral-medium-latest', addNames: ['devstral-medium-2507'] },
  { provider: 'mistral', model: 'mistral-nemo', addNames: ['open-mistral-nemo-2407'] },
  { provider: 'openai', model: 'computer-use', addNames: ['computer-use-preview'] },
  { provider: 'google', model: 'gemini-1.0-pro-vision-001', addNames: ['gemini-1.0-pro-vision', 'gemini-pro-vision'] },

  // Older trackers' names for Groq's models, without the context length.
  { provider: 'groq', model: 'llama2-70b-4096', addNames: ['llama2-70b'] },
  { provider: 'groq', model: 'llama3-70b-8192', addNames: ['llama3-70b'] },
  { provider: 'groq', model: 'llama3-8b-8192', addNames: ['llama3-8b'] },
  { provider: 'groq', model: 'mixtral-8x7b-32768', addNames: ['mixtral-8x7b'] },
  { provider: 'groq', model: 'gemma-7b-it', addNames: ['gemma-7b'] },
];

/** Days of changes for which the sources show only the prices before and after. */
const CHANGED: readonly { provider: string; model: string; seen: string; from: string }[] = [
  // Mistral Large 3 (2512) was released with Ministral on 2025-12-02, which genai-prices dates.
  { provider: 'mistral', model: 'mistral-large-latest', seen: '2026-11-10', from: '2025-12-02' },
  // Mistral Small 4 (2603) was released on 2026-03-16.
  { provider: 'mistral', model: 'mistral-small-latest', seen: '2026-11-10', from: '2026-03-16' },
];

export function correct(listings: readonly Listing[]): Listing[] {
  const all = listings.map((listing) => {
    const mine = CORRECTIONS.filter((one) => isForListing(one, listing));
    return mine.reduce(applied, redated(listing));
  });
  const missed = CORRECTIONS.filter((one) => !all.some((listing) => isForListing(one, listing)));
  if (missed.length > 0) throw new Error(`corrections match no model: ${JSON.stringify(missed)}`);
  return all;
}

function isForListing(one: { provider: string; model: string }, listing: Listing): boolean {
  return one.provider === listing.provider && one.model === listing.model;
}

function applied(listing: Listing, correction: Correction): Listing {
  const { periods, until, addNames = [], dropNames = [] } = correction;
  const kept = until === undefined ? [] : listing.periods.filter((known) => known.from >= until);
  const names = new Set([...listing.names, ...addNames]);
  for (const name of dropNames) names.delete(name);
  return {
    ...listing,
    names: [...names].sort(),
    periods: periods === undefined ? listing.periods : [...periods, ...kept],
  };
}

function redated(listing: Listing): Listing {
  const change = CHANGED.find((one) => isForListing(one, listing));
  if (change === undefined) return listing;
  const periods = listing.periods.map((known) =>
    known.from === change.seen ? { ...known, from: change.from } : known,
  );
  return { ...listing, periods };
}
