/**
 * Model names of providers other than Anthropic: the keys under which a price table may list them, and the
 * provider that serves them.
 */
/** One key to look up; `alias` if it is spelled differently from the vendor's own name. */
export interface NameCandidate {
  name: string;
  isAlias: boolean;
}

/**
 * A dated or numbered snapshot of the model whose name precedes it. Never a version: what remains of
 * `gpt-4.1` or `gpt-4o` after `gpt-4` is not a date, nor are `-8b`, `-32k` or `-mini`. Month and day with a
 * hyphen count only after `-preview` or `-exp`: gemini-2.5-pro-preview-05-06.
 */
const SNAPSHOT =
  /(?:-20\d{2}-\d{2}-\d{2}|-20\d{6}|-\d{2}-20\d{2}|(?<=-(?:preview|exp))-\d{2}-\d{2})$/;
/** gpt-4-0613, grok-4-0709: month and day. gemini-1.5-pro-002: a build number. */
const SHORT_SNAPSHOT = /-(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|0\d{2})$/;
/** Mistral's four digits are year and month, and each of these versions has a price of its own. */
const MISTRAL =
  /^(?:open-|labs-)?(?:mistral|mixtral|ministral|codestral|devstral|magistral|pixtral|voxtral)/;
/** OpenRouter's variants of a model, which cost the same as the model; `:free` is not one of them. */
const VARIANT = /:(?:beta|thinking|nitro|floor|online|extended|exacto)$/;
/** Bedrock's names for models of other vendors: openai.gpt-oss-120b-1:0, us.deepseek.r1-v1:0. */
const BEDROCK_OTHER = /^(?:[a-z-]{2,9}\.)?(?:openai|mistral|deepseek|google|xai|meta)\.(?=[a-z])/;
const BEDROCK_PACKAGE = /-v?\d{1,2}:\d{1,2}$/;
/** Whether Bedrock serves another vendor's model under this name. */
export function isBedrockName(name: string): boolean {
  if (!name.includes(':')) return false;
  const tail = name.slice(-8);
  return BEDROCK_PACKAGE.test(tail) && BEDROCK_OTHER.test(name.slice(0, 40));
}

/** Longer names than any model has are not parsed. */
const LONGEST = 128;

/**
 * The keys to try for a name as sent, most specific first. Linear in a bounded length. HOT PATH: a regular
 * expression is compiled when it first runs, so none runs without a cheap sign that it may match.
 */
export function nameCandidates(raw: string): NameCandidate[] {
  const candidates: NameCandidate[] = [];
  const add = (name: string, isAlias: boolean): void => {
    if (name !== '' && !candidates.some((candidate) => candidate.name === name))
      candidates.push({ name, isAlias });
  };
  let name = lastSegment(raw);
  if (name === '' || name.length > LONGEST) return [];
  add(name, false);
  if (name.includes(':')) {
    add((name = name.replace(VARIANT, '')), false);
    // ft:gpt-4o-mini-2024-07-18:organisation::id
    const tuned = /^(ft:[^:]+):/.exec(name)?.[1];
    if (tuned !== undefined) add((name = tuned), false);
  }
  if (name.includes('@')) {
    // Vertex writes the version after an at sign: mistral-large@2411.
    add((name = name.replace(/@(?:default|latest)$/, '').replace('@', '-')), false);
  }
  if (name.includes('.') && BEDROCK_OTHER.test(name)) {
    add((name = name.replace(BEDROCK_OTHER, '').replace(BEDROCK_PACKAGE, '')), true);
  }
  addUndated(name, add);
  // Gateways that do not allow dots in a name: gpt-5-4-mini, gemini-2-5-pro.
  for (const candidate of candidates.slice()) {
    add(candidate.name.replace(/(?<=[a-z]-\d{1,2})-(?=\d{1,2}(?:-[a-z]|$))/, '.'), true);
  }
  // `canonicalModel` drops `-latest`, but some models are listed only under that name.
  add(`${name}-latest`, true);
  return candidates;
}

function addUndated(name: string, add: (name: string, isAlias: boolean) => void): void {
  if (name.endsWith('-latest')) {
    add(name.slice(0, -'-latest'.length), false);
    return;
  }
  const last = name.charCodeAt(name.length - 1);
  if (last < 48 || last > 57) return;
  let undated = name.replace(SNAPSHOT, '');
  if (undated === name && !MISTRAL.test(name)) undated = name.replace(SHORT_SNAPSHOT, '');
  if (undated === name) return;
  add(undated, false);
  // A dated preview of a model whose preview is not listed.
  for (const stage of ['-preview', '-exp']) {
    if (undated.endsWith(stage)) add(undated.slice(0, -stage.length), false);
  }
}

function lastSegment(raw: string): string {
  const name = raw.trim().toLowerCase();
  return name.slice(name.lastIndexOf('/') + 1);
}

/** What routers, gateways and clients call the providers that publish prices. */
const LISTED: ReadonlyMap<string, string> = new Map([
  ['openai', 'openai'],
  ['azure', 'openai'],
  ['azure_ai', 'openai'],
  ['google', 'google'],
  ['gemini', 'google'],
  ['vertex', 'google'],
  ['vertex_ai', 'google'],
  ['google-vertex', 'google'],
  ['groq', 'groq'],
  ['mistral', 'mistral'],
  ['mistralai', 'mistral'],
  ['xai', 'xai'],
  ['x-ai', 'xai'],
  ['deepseek', 'deepseek'],
  ['deepseek-ai', 'deepseek'],
]);

/** The provider whose price list applies, given who served the request; null if unknown. */
export function listedProvider(hint: string): string | null {
  return LISTED.get(hint.trim().toLowerCase()) ?? null;
}

/** The same from a name's path: `groq/openai/gpt-oss-120b` is served by Groq, whoever made the model. */
export function listedInPath(raw: string): string | null {
  if (!raw.includes('/')) return null;
  for (const segment of raw.split('/', 8).slice(0, -1)) {
    const provider = listedProvider(segment);
    if (provider !== null) return provider;
  }
  return null;
}

/** Programs that run a model on the user's own machine: they bill nothing. */
const LOCAL =
  /^(?:ollama(?:_chat)?|lm[-_]?studio|llama[-_.]?cpp|llamafile|local|localai|mlx|gpt4all|koboldcpp)$/;

/** Whether a provider's name, or the first part of a model's path, shows that it runs locally. */
export function isLocalProvider(name: string): boolean {
  return LOCAL.test(name.trim().toLowerCase());
}

const LOCAL_TAG =
  /^(?:(?:latest|instruct|chat|text|base|mini|medium|vision)$|(?:e?\d{1,3}x)?e?\d{1,4}(?:\.\d{1,2})?[bm](?:-|$)|.*\bq\d(?:_|$))/;

/**
 * A name in Ollama's form, `model:tag`, with a tag for size or build (`llama3.2:3b`). No vendor's own names
 * look like this. Ollama's own cloud is not local.
 */
export function isLocalName(raw: string): boolean {
  if (!raw.includes(':')) return false;
  const name = lastSegment(raw);
  if (name.length > LONGEST || name.endsWith('cloud') || name.startsWith('ft:')) return false;
  const [, tag] = /^[a-z][\w.-]*:([\w.-]+)$/.exec(name) ?? [];
  return tag !== undefined && LOCAL_TAG.test(tag);
}

/** The first part of a model's path, if it has one. */
export function pathHead(raw: string): string | null {
  const slash = raw.indexOf('/');
  return slash > 0 ? raw.slice(0, slash).trim().toLowerCase() : null;
}

/** Whether the router serves this variant free of charge. */
export function isFreeVariant(raw: string): boolean {
  return raw.includes(':') && /[^/]:free\s*$/i.test(raw.slice(-16));
}
