/**
 * Model names. A model has many names: dated, undated, with a router's path, with a cloud's prefix.
 * Everything that groups or prices uses the canonical name.
 */

import { isBedrockName, isLocalName, isLocalProvider, pathHead } from './provider-names.ts';

export type ModelClass = 'reasoning' | 'coding' | 'fast' | 'embedding' | 'local' | 'general';

/**
 * Suffixes that do not make a name another model: context marker, date, version of the cloud's packaging, a
 * router's variant. Matched against the last few characters only, so that a hostile name takes linear time.
 */
const TRAILER =
  /(?:\s|\[1m\]|-latest|[-@]\d{8}|-20\d{2}-\d{2}-\d{2}|@default|@latest|:(?:free|beta|thinking|nitro|floor|online|extended|exacto))$/;
const CLAUDE_TRAILER = new RegExp(`(?:${TRAILER.source.slice(0, -1)}|-v\\d{1,3}(?::\\d{1,3})?)$`);
const TRAILER_LENGTH = 12;

/** `us.anthropic.`, `apac.anthropic.`, `us-gov.anthropic.`, `global.anthropic.`, `anthropic.` */
const BEDROCK_PREFIX = /^(?:[a-z][a-z-]{1,9}\.)?anthropic\.\s*/;

/** Families whose names state a version; whatever follows the version is a gateway's own addition. */
const FAMILY = /^(?:haiku|sonnet|opus|fable|mythos)$/;
/**
 * What may follow a version: the end, a word, a number of three or more digits (a date), a size (`-1m`). Not
 * another number: claude-sonnet-5 is not the model of claude-sonnet-5-5.
 */
const AFTER = '(?=$|[^a-z0-9](?:$|[^0-9]|\\d{3}|\\d{1,2}[km](?![a-z0-9])))';
/** claude-3-5-sonnet, claude-4-sonnet: version first. */
const NUMBER_FIRST = /^claude-(\d{1,2})(?:-(\d{1,2}))?-([a-z]+)(?![a-z0-9])/;
/** claude-sonnet-4-5: family first. */
const WORD_FIRST = new RegExp(`^claude-([a-z]+)-(\\d{1,2})(?:-(\\d{1,2}))?${AFTER}`);
/** sonnet-4.5, 4.5-sonnet: a gateway's short name, without an addition. */
const SHORT =
  /^(?:(?:haiku|sonnet|opus|fable|mythos)-\d{1,2}(?:[.-]\d{1,2})?|\d{1,2}(?:[.-]\d{1,2})?-(?:haiku|sonnet|opus|fable|mythos))$/;
/** A model of another maker that was trained on Claude's answers and says so in its name. */
const IMITATION =
  /distill|gguf|^(?:qwen|glm|gemma|llama|gpt|mistral|ministral|kimi|deepseek|minimax|mimo|phi|granite|nemotron|olmo)/;

/**
 * The name without anything that does not distinguish models: case, path, prefixes, suffixes. The spelling
 * of the version stays, so `claude-opus-4-0` is unchanged.
 */
export function bareModel(raw: string): string {
  return parseModelName(raw).bare;
}

/**
 * The one name that a model is grouped, filtered and priced by. Claude models are spelled as in the
 * vendor's undated ids: `claude-3-5-sonnet` for generation 3, `claude-sonnet-4-5` from 4 on, no `-0` for a
 * first version. Unknown names are returned normalised. Idempotent, never throws.
 */
export function canonicalModel(raw: string): string {
  return parseModelName(raw).canonical;
}

interface Names {
  bare: string;
  canonical: string;
}

/**
 * A history contains a handful of model names a hundred thousand times; hostile names can't fill the cache.
 */
const memo = new Map<string, Names>();
const MEMO_SIZE = 256;
const MEMO_NAME_LENGTH = 128;

/** The user's `pricing.aliases`: a name in lower case → the model that it stands for. */
let aliases: ReadonlyMap<string, string> = new Map();

/**
 * Sets the names that the user maps to models. Called whenever settings are read, so that everything that
 * compares names of models in this process (prices, budgets, filters, coverage) follows the same settings.
 */
export function useModelAliases(given: Readonly<Record<string, string>>): void {
  const next = new Map(Object.entries(given).map(([name, model]) => [foldName(name), model]));
  if (next.size === 0 && aliases.size === 0) return;
  aliases = new Map([...next.keys()].map((name) => [name, followAlias(next, name)]));
  memo.clear();
}

export function hasModelAliases(): boolean {
  return aliases.size > 0;
}

/** The model that an alias ends at, if its model is an alias too; a circle ends where it began. */
function followAlias(all: ReadonlyMap<string, string>, name: string): string {
  let model = all.get(name) ?? name;
  for (let step = 0; step < all.size; step++) {
    const next = all.get(foldName(model));
    if (next === undefined || foldName(model) === name) break;
    model = next;
  }
  return model;
}

/** The model that the user's settings map this name to, with or without its path; null if they don't. */
export function aliasOf(raw: string): string | null {
  if (aliases.size === 0) return null;
  const name = foldName(raw);
  return aliases.get(name) ?? aliases.get(name.slice(name.lastIndexOf('/') + 1)) ?? null;
}

function foldName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\[1m\]$/, '');
}

function parseModelName(raw: string): Names {
  const cached = memo.get(raw);
  if (cached !== undefined) return cached;
  const bare = withoutTrimmings(raw);
  const meant = aliasOf(raw);
  const names = { bare, canonical: spell(meant === null ? bare : withoutTrimmings(meant)) };
  if (raw.length > MEMO_NAME_LENGTH) return names;
  if (memo.size >= MEMO_SIZE) memo.clear();
  memo.set(raw, names);
  return names;
}

function withoutTrimmings(raw: string): string {
  let name = raw.trim().toLowerCase();
  const path = name.lastIndexOf('/');
  if (path >= 0 && path < name.length - 1) name = name.slice(path + 1).trim();
  for (let m = BEDROCK_PREFIX.exec(name); m !== null; m = BEDROCK_PREFIX.exec(name)) {
    if (m[0].length === name.length) break;
    name = name.slice(m[0].length);
  }
  name = fromClaude(name);
  const isClaude = name.startsWith('claude');
  name = dropTrailers(name, isClaude ? CLAUDE_TRAILER : TRAILER);
  // In other names the dot is significant: gpt-4.1, gemini-2.5-pro.
  return isClaude ? name.replace(/(\d)\.(?=\d{1,2}(?:\D|$))/g, '$1-') : name;
}

/**
 * A Claude model's name without what a gateway writes before it: databricks-claude-sonnet-4-5,
 * anthropic--claude-4.5-sonnet. Separators become hyphens.
 */
function fromClaude(name: string): string {
  const at = name.lastIndexOf('claude');
  if (at < 0) return SHORT.test(name) ? `claude-${name}` : name;
  if (at === 0) return name.includes('_') || name.includes(' ') ? hyphenated(name) : name;
  if (name.startsWith('claude') || /[a-z0-9]/.test(name[at - 1] ?? '') || IMITATION.test(name)) {
    return name;
  }
  return hyphenated(name.slice(at));
}

function hyphenated(name: string): string {
  return name.replace(/[_ ]+/g, '-');
}

function spell(name: string): string {
  const numberFirst = NUMBER_FIRST.exec(name);
  const wordFirst = numberFirst === null ? WORD_FIRST.exec(name) : null;
  const match = numberFirst ?? wordFirst;
  if (match === null) return name;
  const [all, a = '', b, c] = match;
  const [family = '', major = '', minor] = numberFirst === null ? [a, b, c] : [c, a, b];
  const version = minor === undefined || minor === '0' ? major : `${major}-${minor}`;
  // What a gateway adds (an effort, `-thinking`, `-fast`, its own name) changes no price.
  const isKnownFamily = FAMILY.test(family);
  const rest = isKnownFamily ? '' : name.slice(all.length);
  if (rest !== '' && !/^-[a-z]/.test(rest)) return name;
  if (isKnownFamily && major === '3') {
    return `claude-${version}-${family}${rest}`;
  }
  // claude-instant-1-2 and the like are older than both orders.
  if (Number(major) <= 3) return name;
  return `claude-${family}-${version}${rest}`;
}

function dropTrailers(name: string, trailer: RegExp): string {
  let end = name.length;
  for (;;) {
    const match = trailer.exec(name.slice(Math.max(0, end - TRAILER_LENGTH), end));
    if (match === null || match[0].length === end) return name.slice(0, end);
    end -= match[0].length;
  }
}

const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:claude|(?:opus|sonnet|haiku|fable|mythos)$)/, 'anthropic'],
  [/^(?:gpt-|chatgpt-|ft:gpt-|o[134](?:-|$)|text-(?:embedding|davinci|curie|ada))/, 'openai'],
  [/^(?:chat$|(?:davinci|curie|babbage|ada|codex-mini|computer-use)(?:-|$))/, 'openai'],
  [/^(?:gemini-|gemma-3|gemma-4|deep-research-)/, 'google'],
  [/^grok-/, 'xai'],
  [
    /^(?:open-|labs-)?(?:mistral|mixtral|ministral|codestral|devstral|magistral|pixtral|voxtral)/,
    'mistral',
  ],
  [/^deepseek/, 'deepseek'],
  [/^(?:glm|charglm)-/, 'zai'],
  [/^(?:kimi|moonshot)-/, 'moonshotai'],
  [/^(?:minimax|abab)/, 'minimax'],
  [/^(?:qwen|qwq|qvq)/, 'alibaba'],
  [/^mimo-/, 'xiaomi'],
  [/^(?:command|c4ai|rerank)(?:-|$)/, 'cohere'],
  [/^sonar(?:-|$)/, 'perplexity'],
  [/^voyage-/, 'voyageai'],
];

/**
 * Who bills the request, judged by the model's name alone; null if the name does not show it. A local model
 * belongs to the program that runs it.
 */
export function parseProvider(raw: string): string | null {
  const name = raw.trim().toLowerCase();
  if (name.startsWith('openrouter/')) return 'openrouter';
  const last = name.slice(name.lastIndexOf('/') + 1);
  if (BEDROCK_PREFIX.test(last) || /^(?:bedrock\/|arn:aws[a-z-]{0,20}:bedrock:)/.test(name)) {
    return 'bedrock';
  }
  if (isBedrockName(last)) return 'bedrock';
  if (last.includes('@') && /@(?:\d{8}|default)(?:\[1m\])?$/.test(last)) return 'vertex';
  if (name.startsWith('vertex_ai/')) return 'vertex';
  const head = pathHead(name);
  if (head === 'groq' || head === 'azure') return head;
  if (head !== null && isLocalProvider(head)) return head;
  if (isLocalName(last)) return 'ollama';
  const bare = bareModel(raw);
  return PROVIDERS.find(([pattern]) => pattern.test(bare))?.[1] ?? null;
}

const CLASSES: readonly (readonly [RegExp, ModelClass])[] = [
  [/embed/, 'embedding'],
  [/(?:^|-)(?:opus|fable|mythos|o1|o3|o4|deep-research|reasoner|r1|magistral)(?:-|$)/, 'reasoning'],
  [/(?:^|-)(?<!non-)reasoning(?:-|$)|^gpt-[\d.]+-pro(?:-|$)/, 'reasoning'],
  [/(?:^|-)(?:sonnet|codex|codestral|devstral|code|coder|computer-use)(?:-|$)/, 'coding'],
  // Between word boundaries, otherwise every gemini would be a mini.
  [/(?:^|-)(?:haiku|mini|nano|flash|lite|fast|instant|small|tiny|ministral|luna)(?:-|$)/, 'fast'],
];

/** The kind of work a model is meant for, judged by its canonical name. */
export function classifyModel(canonical: string): ModelClass {
  if (isLocalName(canonical)) return 'local';
  return CLASSES.find(([pattern]) => pattern.test(canonical))?.[1] ?? 'general';
}
