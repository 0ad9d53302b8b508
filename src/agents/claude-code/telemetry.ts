import type { ClientRequest } from '../../core/client/request.ts';
import { exactUsd, roundToNanoUsd } from '../../core/money/exact-usd.ts';
import { type JsonObject, asArray, asCount, asObject, asText } from '../../core/lang/json.ts';

type Attributes = Map<string, unknown>;

const EVENT = 'claude_code.api_request';

/** The environment variables that make Claude Code send its `api_request` events to a URL. */
export function telemetrySettings(endpoint: string): Record<string, string> {
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint,
  };
}

/**
 * The `api_request` events of an OTLP export of logs (`ExportLogsServiceRequest` as JSON, of Claude Code
 * 2.1.197 to 2.1.330). Total: unexpected values are skipped.
 * @returns null if it is not an export
 */
export function parseTelemetry(body: unknown): ClientRequest[] | null {
  const resources = asObject(body)?.['resourceLogs'];
  if (!Array.isArray(resources)) return null;
  return resources.flatMap((item) => {
    const resource = asObject(item);
    const version = asText(
      parseAttributes(asObject(resource?.['resource'])?.['attributes']).get('service.version'),
    );
    const records = asArray(resource?.['scopeLogs']).flatMap((scope) =>
      asArray(asObject(scope)?.['logRecords']),
    );
    return records.flatMap((record) => parseClientRequest(asObject(record), version) ?? []);
  });
}

function parseClientRequest(
  record: JsonObject | null,
  clientVersion: string | null,
): ClientRequest | null {
  if (record === null || parseValue(record['body']) !== EVENT) return null;
  const attributes = parseAttributes(record['attributes']);
  const sessionId = asText(attributes.get('session.id'));
  const model = asText(attributes.get('model'));
  const exact = exactUsd(attributes.get('cost_usd'));
  const costNanoUsd = exact === null ? null : roundToNanoUsd(exact);
  const occurredAtMs = parseTime(record);
  if (sessionId === null || model === null || costNanoUsd === null || occurredAtMs === null) {
    return null;
  }
  const sequence = getCount(attributes, 'event.sequence');
  return {
    requestId: asText(attributes.get('request_id')) ?? `@${sessionId}:${occurredAtMs}:${sequence}`,
    sessionId,
    promptId: asText(attributes.get('prompt.id')),
    agentId: asText(attributes.get('agent_id')),
    occurredAtMs,
    model,
    querySource: asText(attributes.get('query_source')),
    costNanoUsd,
    inputTokens: getCount(attributes, 'input_tokens'),
    outputTokens: getCount(attributes, 'output_tokens'),
    cacheReadTokens: getCount(attributes, 'cache_read_tokens'),
    cacheWriteTokens: getCount(attributes, 'cache_creation_tokens'),
    clientVersion,
  };
}

function parseAttributes(list: unknown): Attributes {
  const attributes: Attributes = new Map();
  for (const item of asArray(list)) {
    const pair = asObject(item);
    const key = asText(pair?.['key']);
    if (key !== null) attributes.set(key, parseValue(pair?.['value']));
  }
  return attributes;
}

/** An OTLP value of any kind; JSON contains 64-bit integers as strings or numbers. */
function parseValue(value: unknown): unknown {
  const kinds = asObject(value);
  return kinds?.['stringValue'] ?? kinds?.['intValue'] ?? kinds?.['doubleValue'];
}

function getCount(attributes: Attributes, name: string): number {
  const value = attributes.get(name);
  return asCount(typeof value === 'string' && value !== '' ? Number(value) : value) ?? 0;
}

function parseTime(record: JsonObject): number | null {
  for (const name of ['timeUnixNano', 'observedTimeUnixNano']) {
    const value = record[name];
    const text = typeof value === 'number' ? String(value) : asText(value);
    if (text === null || !/^[1-9]\d{9,18}$/.test(text)) continue;
    return Number(BigInt(text) / 1_000_000n);
  }
  return null;
}
