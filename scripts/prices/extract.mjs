// The facts of the two packages that the table is made of: names, numbers, dates; no sentence and
// no line of theirs. The rules that read them are in src/pricing/sources/.
import { readLiteral } from './js-literal.mjs';

const PI_AI_FILES = ['openai', 'google', 'groq', 'mistral', 'xai', 'deepseek'];
const GENAI_PROVIDERS = { 'x-ai': 'xai' };

export const isPiAiFile = (path) =>
  PI_AI_FILES.some((name) => path === `dist/providers/data/${name}.json`);
export const isGenaiFile = (path) => path === 'dist/index.cjs';

/** One line per model: [provider, id, type, [input, output, read, write], [[above, ...], ...]]. */
export function piAiFacts(files) {
  return PI_AI_FILES.flatMap((provider) => {
    const apis = JSON.parse(files.get(`dist/providers/data/${provider}.json`) ?? '{}');
    return Object.values(apis).flatMap((models) =>
      Object.values(models).map(({ id, type, cost }) => {
        const tiers = (cost.tiers ?? []).map((tier) => [tier.inputTokensAbove, ...usdOf(tier)]);
        return [provider, id, type, usdOf(cost), ...(tiers.length > 0 ? [tiers] : [])];
      }),
    );
  });
}

const usdOf = ({ input, output, cacheRead, cacheWrite }) => [input, output, cacheRead, cacheWrite];

/** One line per model: [provider, id, names, flags, [constraint, prices], ...]. */
export function genaiFacts(files) {
  const text = files.get('dist/index.cjs') ?? '';
  const start = /=\s*(?=\[\s*\{\s*id:)/.exec(text);
  if (start === null) throw new Error('genai-prices: no list of providers in dist/index.cjs');
  const providers = readLiteral(text, start.index + start[0].length);
  return providers.flatMap(({ id, models }) => {
    const provider = GENAI_PROVIDERS[id] ?? id;
    if (!PI_AI_FILES.includes(provider)) return [];
    return models
      .filter((model) => !model.id.startsWith('claude'))
      .map((model) => [provider, model.id, namesOf(model), flagsOf(model), ...pricesOf(model)]);
  });
}

/** `equals` and `starts_with` name a model; `contains` and `regex` are the library's way to guess. */
function namesOf({ id, match }) {
  const names = (logic) =>
    (logic.or ?? [logic]).flatMap((one) => one.equals ?? one.starts_with ?? []);
  return [...new Set(names(match))].filter((name) => name !== id);
}

/** What a remark of the library says of a price, as a word. */
function flagsOf({ price_comments: comments = '' }) {
  return /(?:imported from|seen on|trusting) open ?router/i.test(comments) ? 'router' : '';
}

function pricesOf({ prices }) {
  const list = Array.isArray(prices) ? prices : [{ prices }];
  return list.map(({ constraint, prices }) => [constraintOf(constraint), ...ratesOf(prices)]);
}

const constraintOf = (constraint) => {
  if (constraint === undefined) return '';
  if (constraint.type === 'start_date') return constraint.start_date;
  return `${constraint.start_time.slice(0, 5)}-${constraint.end_time.slice(0, 5)}`;
};

const KEYS = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok'];

/** [input, output, read, write], then [above, ...] for a tier; null where nothing is listed. */
function ratesOf(prices) {
  if (Object.keys(prices).length === 0) return [['free']];
  const base = KEYS.map((key) => prices[key]?.base ?? prices[key] ?? null);
  const starts = new Set(
    KEYS.flatMap((key) => prices[key]?.tiers?.map((tier) => tier.start) ?? []),
  );
  if (starts.size > 1) throw new Error(`tiers of ${JSON.stringify(prices)} do not start at once`);
  const [above] = starts;
  if (above === undefined) return [base];
  return [
    base,
    [above, ...KEYS.map((key) => prices[key]?.tiers?.[0]?.price ?? prices[key] ?? null)],
  ];
}
