import { type JsonObject, asArray, asObject, asText } from '../lang/json.ts';
import { canonicalModel } from '../model/model-name.ts';
import { asTokenCount, isMalformedCount } from './token-count.ts';
import {
  type Iteration,
  type ParsedUsage,
  type SideRequest,
  type Usage,
  NO_USAGE,
} from './usage.ts';

const SIDE_KINDS: Readonly<Record<string, SideRequest['kind']>> = {
  advisor_message: 'advisor',
  compaction: 'compaction',
};

/**
 * The usage object of an Anthropic message. Null if `raw` is not one: not an object, or without any field of a
 * token count. Whatever is not a count (other text, fractions, negative or unsafe numbers) becomes zero and makes
 * the usage malformed. `messageModel` is the model that the message names: it distinguishes a refused first
 * attempt from a first pass. Never throws.
 */
export function parseAnthropicUsage(raw: unknown, messageModel?: string): ParsedUsage | null {
  const top = asObject(raw);
  if (top === null || !hasCounts(top)) return null;
  const usage = readUsage(top);
  const isMalformed = hasMalformedCount(top);
  const modifiers = {
    serviceTier: asText(top['service_tier']),
    speed: asText(top['speed']),
    inferenceGeo: asText(top['inference_geo']),
  };
  const entries = readIterations(top);
  // Usually there are none; an import reads a hundred thousand of these.
  if (entries.length === 0) {
    return {
      usage,
      modifiers,
      iterations: [],
      sideRequests: [],
      refusedAttempt: null,
      isMalformed,
    };
  }
  const refused = findRefused(entries, messageModel);
  const passes = entries.filter((entry) => entry !== refused && isPass(entry.type));
  return {
    usage,
    modifiers,
    iterations: parseIterations(usage, passes),
    sideRequests: entries.flatMap(asSideRequest),
    refusedAttempt:
      refused === null ? null : { model: refused.model ?? '', usage: readUsage(refused.raw) },
    isMalformed,
  };
}

/** The usage of a response that contains none. */
export const MISSING_USAGE: ParsedUsage = {
  usage: NO_USAGE,
  modifiers: { serviceTier: null, speed: null, inferenceGeo: null },
  iterations: [],
  sideRequests: [],
  refusedAttempt: null,
  isMalformed: true,
};

interface Entry {
  index: number;
  type: string | null;
  model: string | null;
  raw: JsonObject;
}

function readIterations(top: JsonObject): Entry[] {
  return asArray(top['iterations']).flatMap((item, index) => {
    const raw = asObject(item);
    if (raw === null) return [];
    return [{ index, type: asText(raw['type']), model: asText(raw['model']), raw }];
  });
}

function isPass(type: string | null): boolean {
  return type === null || type === 'message' || type === 'fallback_message';
}

/**
 * After a refusal the server uses another model: `iterations` then begins with the attempt of the refusing
 * model, and the message's own counts are only those of the `fallback_message`.
 */
function findRefused(entries: readonly Entry[], messageModel: string | undefined): Entry | null {
  const first = entries[0];
  if (first === undefined || first.index !== 0 || first.model === null) return null;
  if (!isPass(first.type) || first.type === 'fallback_message') return null;
  const answered =
    messageModel || entries.find((entry) => entry.type === 'fallback_message')?.model;
  if (!answered || canonicalModel(answered) === canonicalModel(first.model)) return null;
  return first;
}

/** The passes, if there are several and they sum to the total; otherwise they are not reliable. */
function parseIterations(usage: Usage, entries: readonly Entry[]): Iteration[] {
  if (entries.length < 2) return [];
  const passes = entries.map((entry) => readUsage(entry.raw));
  const agrees = (count: (u: Usage) => number) =>
    passes.reduce((sum, pass) => sum + count(pass), 0) === count(usage);
  const addsUp =
    agrees((u) => u.inputTokens) &&
    agrees((u) => u.outputTokens) &&
    agrees((u) => u.cacheReadTokens) &&
    agrees((u) => u.cacheWrite5mTokens + u.cacheWrite1hTokens);
  return addsUp ? passes.map(toIteration) : [];
}

function toIteration(usage: Usage): Iteration {
  const { inputTokens, outputTokens, cacheReadTokens } = usage;
  const { cacheWrite5mTokens, cacheWrite1hTokens } = usage;
  return { inputTokens, outputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens };
}

function asSideRequest({ index, type, model, raw }: Entry): SideRequest[] {
  const kind = type !== null && Object.hasOwn(SIDE_KINDS, type) ? SIDE_KINDS[type] : undefined;
  if (kind === undefined) return [];
  const own = kind === 'advisor' ? model : null;
  return [{ kind, index, model: own, usage: readUsage(raw), isMalformed: hasMalformedCount(raw) }];
}

function hasCounts(raw: JsonObject): boolean {
  const breakdown = asObject(raw['cache_creation']);
  return (
    isGiven(raw['input_tokens']) ||
    isGiven(raw['output_tokens']) ||
    isGiven(raw['cache_read_input_tokens']) ||
    isGiven(raw['cache_creation_input_tokens']) ||
    isGiven(breakdown?.['ephemeral_5m_input_tokens']) ||
    isGiven(breakdown?.['ephemeral_1h_input_tokens'])
  );
}

/** Also a null: the vendor reports these counts, and the gateway did not pass them on. */
function isGiven(value: unknown): boolean {
  return value !== undefined;
}

/** The vendor leaves out or sets to null what a request did not use, except for its input and output. */
function hasMalformedCount(raw: JsonObject): boolean {
  const { input_tokens: input, output_tokens: output } = raw;
  if (input === null || output === null) return true;
  const { cache_creation: parts, server_tool_use: tools } = raw;
  return (
    isUnreadable(input) ||
    isUnreadable(output) ||
    isUnreadable(raw['cache_read_input_tokens']) ||
    isUnreadable(raw['cache_creation_input_tokens']) ||
    isPartUnreadable(parts, 'ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens') ||
    isPartUnreadable(tools, 'web_search_requests')
  );
}

function isPartUnreadable(part: unknown, ...names: string[]): boolean {
  if (part === undefined || part === null) return false;
  const counts = asObject(part);
  return counts === null || names.some((name) => isUnreadable(counts[name]));
}

function isUnreadable(value: unknown): boolean {
  return isMalformedCount(value) || Number(value ?? 0) > MAX_TOKENS;
}

function readUsage(raw: JsonObject): Usage {
  const breakdown = asObject(raw['cache_creation']);
  const parts5m = parseCount(breakdown?.['ephemeral_5m_input_tokens']);
  const parts1h = parseCount(breakdown?.['ephemeral_1h_input_tokens']);
  // The client bills the parts where the total is zero, so neither of the two is trusted to be complete.
  const written = Math.max(parseCount(raw['cache_creation_input_tokens']), parts5m + parts1h);
  return {
    inputTokens: parseCount(raw['input_tokens']),
    outputTokens: parseCount(raw['output_tokens']),
    cacheReadTokens: parseCount(raw['cache_read_input_tokens']),
    // Whatever the total has beyond the parts was written for five minutes.
    cacheWrite5mTokens: written - parts1h,
    cacheWrite1hTokens: parts1h,
    webSearchRequests: parseCount(asObject(raw['server_tool_use'])?.['web_search_requests']),
  };
}

/** No request has more; sums of many such counts still fit into SQLite's integers. */
const MAX_TOKENS = 2e10;

/** Zero for anything that is not a count, and for the -0 that JSON can contain. */
function parseCount(value: unknown): number {
  const count = asTokenCount(value) || 0;
  return count <= MAX_TOKENS ? count : 0;
}
