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
const BEDROCK_OTHER =
  /^(?:[a-z-]{2,9}\.)?(?:openai|mistral|deepseek|google|xai|meta|amazon|qwen|zai|moonshot(?:ai)?|minimax|nvidia|cohere|ai21|writer)\.(?=[a-z])/;
const BEDROCK_PACKAGE = /-v?\d{1,2}:\d{1,2}$/;
/** Whether Bedrock serves another vendor's model under this name. */
export function isBedrockName(name: string): boolean {
  if (!name.includes(':')) return false;
  const tail = name.slice(-8);
  return BEDROCK_PACKAGE.test(tail) && BEDROCK_OTHER.test(name.slice(0, 40));
}

/** The maker's own name for a model that Bedrock serves: amazon.nova-pro-v1:0 is nova-pro. */
export function withoutBedrock(name: string): string {
  return name.replace(BEDROCK_OTHER, '').replace(BEDROCK_PACKAGE, '');
}

/** How much a model is to think, which some clients add to its name. */
const EFFORTS = ['-minimal', '-low', '-medium', '-xhigh', '-high'];

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
    add((name = withoutBedrock(name)), true);
  }
  addUndated(name, add);
  addUnwrapped(name, add);
  // Gateways that do not allow dots in a name: gpt-5-4-mini, gemini-2-5-pro.
  for (const candidate of candidates.slice()) {
    add(candidate.name.replace(/(?<=[a-z]-\d{1,2})-(?=\d{1,2}(?:-[a-z]|$))/, '.'), true);
  }
  // `canonicalModel` drops `-latest`, but some models are listed only under that name.
  add(`${name}-latest`, true);
  return candidates;
}

/** What a gateway adds: databricks-gpt-5, meta--llama3.1-70b-instruct, gpt-5.5-high. */
function addUnwrapped(name: string, add: (name: string, isAlias: boolean) => void): void {
  let inner = name;
  if (name.startsWith('databricks-')) inner = name.slice('databricks-'.length);
  else if (name.includes('--')) inner = name.slice(name.indexOf('--') + 2);
  if (inner !== name) add(inner, true);
  const effort = EFFORTS.find((one) => inner.endsWith(one));
  // Mistral's `-medium` is a model.
  if (effort !== undefined && !MISTRAL.test(inner)) add(inner.slice(0, -effort.length), true);
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

/**
 * Providers of other makers' models. A model that no vendor lists has the price of the first of these that
 * lists it: the first three charge the vendors' prices.
 */
export const RESELLERS: readonly string[] = /* @__PURE__ */ [
  'vercel-ai-gateway opencode opencode-go openrouter azure bedrock vertex arcee avian baseten cerebras',
  'cloudflare-ai-gateway cloudflare-workers-ai doubleword fireworks github-copilot huggingface modal',
  'moonshotai-cn minimax-cn novita openai-codex ovhcloud quicksilverpro radius together zai-coding-cn zhipuai',
].flatMap((line) => line.split(' '));

/** What routers, gateways and clients call the providers that publish prices, if not by their own names. */
const LISTED: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map([
  ['azure', ['azure', 'openai']],
  ['azure_ai', ['azure', 'openai']],
  ['gemini', ['google']],
  ['vertex', ['vertex', 'google']],
  ['vertex_ai', ['vertex', 'google']],
  ['google-vertex', ['vertex', 'google']],
  ['mistralai', ['mistral']],
  ['x-ai', ['xai']],
  ['deepseek-ai', ['deepseek']],
  ['z-ai', ['zai']],
  ['z.ai', ['zai']],
  ['zai-org', ['zai']],
  ['zhipu', ['zhipuai', 'zai']],
  ['bigmodel', ['zhipuai', 'zai']],
  ['moonshot', ['moonshotai']],
  ['kimi', ['moonshotai', 'kimi-coding']],
  ['minimaxai', ['minimax']],
  ['xiaomimimo', ['xiaomi']],
  ['amazon-bedrock', ['bedrock']],
  ['aws', ['bedrock']],
  ['fireworks_ai', ['fireworks']],
  ['fireworks-ai', ['fireworks']],
  ['together_ai', ['together']],
  ['togetherai', ['together']],
  ['vercel', ['vercel-ai-gateway']],
  ['vercel_ai_gateway', ['vercel-ai-gateway']],
  ['cohere_chat', ['cohere']],
  ['copilot', ['github-copilot']],
  ['github_copilot', ['github-copilot']],
  ['voyage', ['voyageai']],
  ['meta-llama', ['meta']],
]);

/** The price lists that apply, given who served the request, in order. */
export function listsOf(hint: string): readonly string[] {
  const name = hint.trim().toLowerCase();
  return LISTED.get(name) ?? [name];
}

/**
 * The same from a name's path: `groq/openai/gpt-oss-120b` is served by Groq, whoever made the model. Names
 * that are no provider's are among them, and on no list.
 */
export function listsInPath(raw: string): readonly string[] {
  if (!raw.includes('/')) return [];
  return raw.split('/', 8).slice(0, -1).flatMap(listsOf);
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
