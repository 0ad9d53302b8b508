/**
 * Anthropic's list prices, maintained by hand. Compact on purpose: it is read at every start of the hook.
 * Append-only: a changed price closes its period and opens another. Within a family in order of release.
 * Every model states its own rates, because cache reads are not a constant share of the input price.
 */

/** USD per million tokens: input, output, 5-minute write, 1-hour write, cache read. */
type Usd5 = readonly [string, string, string, string, string];

export interface ClaudePrice {
  model: string;
  family: string;
  /** First day (UTC) of the period; for a model's first period, its release. */
  from: string;
  /** End of the period (a day), exclusive. */
  to?: string;
  usd: Usd5;
  /** Multiplier of fast mode. */
  fast?: number;
  /** Rates of a whole pass whose prompt has more tokens than `above`. */
  long?: { above: number; usd: Usd5 };
  source: string;
  sourceDate: string;
}

const HAIKU_5_5: Usd5 = ['0.10', '0.50', '0.125', '0.20', '0.01'];
const HAIKU_5_5_LONG: Usd5 = ['0.50', '2.50', '0.625', '1', '0.05'];
const SONNET: Usd5 = ['3', '15', '3.75', '6', '0.30'];
const SONNET_LONG: Usd5 = ['6', '22.50', '7.50', '12', '0.60'];
const SONNET_5: Usd5 = ['2', '10', '2.50', '4', '0.20'];
const OPUS_4: Usd5 = ['15', '75', '18.75', '30', '1.50'];
const OPUS: Usd5 = ['5', '25', '6.25', '10', '0.50'];
const OPUS_LONG: Usd5 = ['10', '37.50', '12.50', '20', '1'];
const FABLE_5: Usd5 = ['10', '50', '12.50', '20', '1'];
const FABLE_5_1: Usd5 = ['10', '50', '12.50', '20', '0.25'];
const FABLE_5_2: Usd5 = ['8', '40', '10', '16', '0.20'];

/** What Claude Code 2.1.330 reports as the cost of requests sent through it. */
const CLIENT = { source: 'Claude Code 2.1.330, measured', sourceDate: '2026-11-21' } as const;
/** The vendor's price page; Claude Code has no price for these. */
const DOCS = { source: 'Anthropic price list; genai-prices 0.1.8', sourceDate: '2026-09-23' };
/** A premium on prompts over 200,000 tokens, dropped on 2026-03-13. */
const DATED = { source: 'genai-prices 0.1.8', sourceDate: '2026-09-23' } as const;
const LONG_200K = 200_000;
const LONG_200K_END = '2026-03-13';
/**
 * Sonnet 4 and 4.5 accepted such prompts only in a beta (`context-1m-2025-08-07`, `[1m]`), always at that
 * premium, until the vendor's API ended it. From then on it refuses them.
 */
const BETA = { source: 'genai-prices 0.1.8; release notes', sourceDate: '2026-09-23' } as const;
const BETA_END = '2026-04-30';
/** Claude Code before the cut of the cache read price; the date is from two release notes. */
const BEFORE_CUT = { source: 'Claude Code 2.1.289, measured', sourceDate: '2026-11-21' } as const;
const CUT = '2026-10-07';

const haiku = 'haiku';
const sonnet = 'sonnet';
const opus = 'opus';
const fable = 'fable';
const mythos = 'mythos';

// prettier-ignore
export const CLAUDE_PRICES: readonly ClaudePrice[] = [
  { model: 'claude-3-haiku', family: haiku, from: '2024-03-13', usd: ['0.25', '1.25', '0.30', '0.50', '0.03'], ...DOCS },
  { model: 'claude-3-5-haiku', family: haiku, from: '2024-11-04', usd: ['0.80', '4', '1', '1.60', '0.08'], ...CLIENT },
  { model: 'claude-haiku-4-5', family: haiku, from: '2025-10-15', usd: ['1', '5', '1.25', '2', '0.10'], ...CLIENT },
  { model: 'claude-haiku-5-5', family: haiku, from: '2026-10-07', usd: HAIKU_5_5, long: { above: 100_000, usd: HAIKU_5_5_LONG }, ...CLIENT },

  { model: 'claude-3-sonnet', family: sonnet, from: '2024-03-04', usd: SONNET, ...DOCS },
  { model: 'claude-3-5-sonnet', family: sonnet, from: '2024-06-20', usd: SONNET, ...CLIENT },
  { model: 'claude-3-7-sonnet', family: sonnet, from: '2025-02-24', usd: SONNET, ...CLIENT },
  { model: 'claude-sonnet-4', family: sonnet, from: '2025-05-22', to: BETA_END, usd: SONNET, long: { above: LONG_200K, usd: SONNET_LONG }, ...BETA },
  { model: 'claude-sonnet-4', family: sonnet, from: BETA_END, usd: SONNET, ...CLIENT },
  { model: 'claude-sonnet-4-5', family: sonnet, from: '2025-09-29', to: BETA_END, usd: SONNET, long: { above: LONG_200K, usd: SONNET_LONG }, ...BETA },
  { model: 'claude-sonnet-4-5', family: sonnet, from: BETA_END, usd: SONNET, ...CLIENT },
  { model: 'claude-sonnet-4-6', family: sonnet, from: '2026-02-17', to: LONG_200K_END, usd: SONNET, long: { above: LONG_200K, usd: SONNET_LONG }, ...DATED },
  { model: 'claude-sonnet-4-6', family: sonnet, from: LONG_200K_END, usd: SONNET, ...CLIENT },
  // An increase announced for 2026-09-01 was cancelled.
  { model: 'claude-sonnet-5', family: sonnet, from: '2026-06-30', usd: SONNET_5, ...CLIENT },
  { model: 'claude-sonnet-5-5', family: sonnet, from: '2026-09-28', to: CUT, usd: SONNET_5, ...BEFORE_CUT },
  { model: 'claude-sonnet-5-5', family: sonnet, from: CUT, usd: ['2', '10', '2.50', '4', '0.10'], ...CLIENT },

  { model: 'claude-3-opus', family: opus, from: '2024-03-04', usd: OPUS_4, ...DOCS },
  { model: 'claude-opus-4', family: opus, from: '2025-05-22', usd: OPUS_4, ...CLIENT },
  { model: 'claude-opus-4-1', family: opus, from: '2025-08-05', usd: OPUS_4, ...CLIENT },
  { model: 'claude-opus-4-5', family: opus, from: '2025-11-24', usd: OPUS, ...CLIENT },
  { model: 'claude-opus-4-6', family: opus, from: '2026-02-05', to: LONG_200K_END, usd: OPUS, fast: 6, long: { above: LONG_200K, usd: OPUS_LONG }, ...DATED },
  { model: 'claude-opus-4-6', family: opus, from: LONG_200K_END, usd: OPUS, fast: 6, ...CLIENT },
  { model: 'claude-opus-4-7', family: opus, from: '2026-04-16', usd: OPUS, fast: 6, ...CLIENT },
  { model: 'claude-opus-4-8', family: opus, from: '2026-05-28', usd: OPUS, fast: 2, ...CLIENT },
  { model: 'claude-opus-5', family: opus, from: '2026-07-24', usd: OPUS, fast: 2, ...CLIENT },
  { model: 'claude-opus-5-5', family: opus, from: '2026-09-22', usd: ['4', '20', '5', '8', '0.20'], fast: 2, ...CLIENT },

  { model: 'claude-fable-5', family: fable, from: '2026-06-09', usd: FABLE_5, ...CLIENT },
  { model: 'claude-fable-5-1', family: fable, from: '2026-09-01', usd: FABLE_5_1, ...CLIENT },
  // Released in November 2026; the exact day is unknown.
  { model: 'claude-fable-5-2', family: fable, from: '2026-11-01', usd: FABLE_5_2, fast: 2, ...CLIENT },

  { model: 'claude-mythos-5', family: mythos, from: '2026-06-09', usd: FABLE_5, ...CLIENT },
  { model: 'claude-mythos-5-1', family: mythos, from: '2026-09-01', usd: FABLE_5_1, ...CLIENT },
  { model: 'claude-mythos-5-2', family: mythos, from: '2026-11-01', usd: FABLE_5_2, fast: 2, ...CLIENT },
];
