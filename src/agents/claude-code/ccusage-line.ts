import { type RequestEntry } from '../../core/transcript/entry.ts';
import { requestIdentity } from '../../core/record/identity.ts';
import {
  type JsonObject,
  asCount,
  asObject,
  asText,
  asTimeMs,
  parseJson,
} from '../../core/lang/json.ts';
import { parseAnthropicUsage } from '../../core/usage/parse-anthropic.ts';
import type { ReaderLine } from '../../core/reader-line.ts';
import type { Usage } from '../../core/usage/usage.ts';
import { parseTranscriptLine } from './transcript.ts';

/** Text that a line must contain to be worth parsing with `ccusageLine`. */
export const USAGE_MARK = '"usage"';

/**
 * A line as ccusage 20.0.24 reads it, determined by running it on lines of every kind: it requires the text
 * `"usage":{`, and each field to be absent or of its type.
 * @param fileSessionId the session named by the file's path
 * @returns null for a line without token counts; never throws
 */
export function ccusageLine(text: string, fileSessionId: string): ReaderLine | null {
  const line = asObject(parseJson(text));
  const [entry] = parseTranscriptLine(text);
  if (entry?.type !== 'request') return line === null ? null : apiErrorLine(line, fileSessionId);
  // ccusage reads a copy inside a `progress` line like tallyhook does.
  const isPlain = line?.['type'] === 'assistant';
  const usage = asObject(asObject(line?.['message'])?.['usage']);
  return {
    ...common(entry, entry.parsed.usage, fileSessionId),
    model: entry.model,
    speed: entry.parsed.modifiers.speed,
    usage: entry.parsed.usage,
    theirUsage: isPlain && usage !== null ? theirReading(usage) : entry.parsed.usage,
    chargedNanoUsd: isPlain ? parseChargedNanoUsd(line) : null,
    passedOver: passedOver(text, line, isPlain),
    isApiError: false,
  };
}

function apiErrorLine(line: JsonObject, fileSessionId: string): ReaderLine | null {
  if (line['type'] !== 'assistant' || line['isApiErrorMessage'] !== true) return null;
  const message = asObject(line['message']);
  const usage = asObject(message?.['usage']);
  const model = asText(message?.['model']);
  if (usage === null || model === null || model === '<synthetic>') return null;
  const parsed = parseAnthropicUsage(usage, model);
  if (parsed === null) return null;
  return {
    ...common(
      {
        messageId: asText(message?.['id']),
        requestId: asText(line['requestId']),
        uuid: asText(line['uuid']),
        sessionId: asText(line['sessionId']),
        ownerSessionId: null,
        isAgentThread: line['isSidechain'] === true,
        atMs: asTimeMs(line['timestamp']),
      },
      parsed.usage,
      fileSessionId,
    ),
    model,
    speed: parsed.modifiers.speed,
    usage: parsed.usage,
    theirUsage: theirReading(usage),
    chargedNanoUsd: parseChargedNanoUsd(line),
    passedOver: passedOver('"usage":{', line, true),
    isApiError: true,
  };
}

function common(
  entry: Pick<
    RequestEntry,
    'messageId' | 'requestId' | 'uuid' | 'sessionId' | 'ownerSessionId' | 'isAgentThread' | 'atMs'
  >,
  usage: Usage,
  fileSessionId: string,
): Pick<ReaderLine, 'recordId' | 'messageId' | 'isAgentThread' | 'atMs'> {
  const owner = entry.ownerSessionId ?? entry.sessionId ?? fileSessionId;
  return {
    recordId: requestIdentity(entry, usage, owner, () => 'unidentified'),
    messageId: entry.messageId,
    isAgentThread: entry.isAgentThread,
    atMs: entry.atMs,
  };
}

/** ccusage counts the breakdown of cache writes, whatever the total next to it is. */
function theirReading(usage: JsonObject): Usage {
  const breakdown = asObject(usage['cache_creation']);
  const total = asCount(usage['cache_creation_input_tokens']) ?? 0;
  return {
    inputTokens: asCount(usage['input_tokens']) ?? 0,
    outputTokens: asCount(usage['output_tokens']) ?? 0,
    cacheReadTokens: asCount(usage['cache_read_input_tokens']) ?? 0,
    cacheWrite5mTokens:
      breakdown === null ? total : (asCount(breakdown['ephemeral_5m_input_tokens']) ?? 0),
    cacheWrite1hTokens: asCount(breakdown?.['ephemeral_1h_input_tokens']) ?? 0,
    webSearchRequests: 0,
  };
}

function parseChargedNanoUsd(line: JsonObject | null): number | null {
  const cost = line?.['costUSD'];
  return typeof cost === 'number' && cost >= 0 && cost < 9e6 ? Math.round(cost * 1e9) : null;
}

function passedOver(text: string, line: JsonObject | null, isPlain: boolean): string | null {
  if (line === null) return 'the line is damaged';
  if (!text.includes('"usage":{')) return 'a space after "usage"';
  if (!isPlain) return null;
  const message = asObject(line['message']);
  const usage = asObject(message?.['usage']) ?? {};
  if (asTimeMs(line['timestamp']) === null) return 'no timestamp';
  if (asText(message?.['model']) === null) return 'no model';
  const version = line['version'];
  if (version !== undefined && !/^\d+\.\d+\.\d+/.test(String(version)))
    return 'a malformed version';
  if (!isAbsentOrText(line['requestId']) || !isAbsentOrText(message?.['id'])) return 'a null id';
  const required = ['input_tokens', 'output_tokens'];
  const optional = ['cache_read_input_tokens', 'cache_creation_input_tokens'];
  const isWhole =
    required.every((name) => asCount(usage[name]) !== null) &&
    optional.every((name) => usage[name] === undefined || asCount(usage[name]) !== null);
  return isWhole ? null : 'a token count that is null, missing or not a whole number';
}

function isAbsentOrText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
