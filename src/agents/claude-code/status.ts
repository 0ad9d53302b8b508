import type { ClientStatus, RateLimit, RateLimits } from '../../core/client/status.ts';
import { exactUsd, roundToNanoUsd } from '../../core/money/exact-usd.ts';
import {
  type JsonObject,
  asCount,
  asObject,
  asText,
  asTimeMs,
  parseJson,
} from '../../core/lang/json.ts';

/**
 * Parses the JSON that Claude Code passes to its status line. Total: unexpected values become null, and so
 * do all values if the text is not a JSON object.
 */
export function parseStatus(text: string): ClientStatus | null {
  const status = asObject(parseJson(text));
  if (status === null) return null;
  const model = asObject(status['model']);
  const workspace = asObject(status['workspace']);
  const cost = asObject(status['cost']);
  const modelId = asText(model?.['id']);
  return {
    sessionId: asText(status['session_id']),
    clientVersion: asText(status['version']),
    modelId,
    modelName: asText(model?.['display_name']) ?? modelId,
    cwd: asText(workspace?.['current_dir']) ?? asText(status['cwd']),
    costNanoUsd: toNanoUsd(cost?.['total_cost_usd']),
    durationMs: asCount(cost?.['total_duration_ms']),
    apiDurationMs: asCount(cost?.['total_api_duration_ms']),
    linesAdded: asCount(cost?.['total_lines_added']),
    linesRemoved: asCount(cost?.['total_lines_removed']),
    contextUsedPercent: contextUsed(asObject(status['context_window'])),
    limits: parseLimits(asObject(status['rate_limits'])),
  };
}

function toNanoUsd(value: unknown): number | null {
  const exact = typeof value === 'number' ? exactUsd(value) : null;
  return exact === null ? null : roundToNanoUsd(exact);
}

/**
 * Claude Code's own figure, which is rounded; if there is none yet, computed from the last request's tokens.
 */
function contextUsed(context: JsonObject | null): number | null {
  const stated = parsePercent(context?.['used_percentage']);
  if (stated !== null) return stated;
  const size = asCount(context?.['context_window_size']);
  const usage = asObject(context?.['current_usage']);
  if (size === null || size === 0 || usage === null) return null;
  const names = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];
  const used = names.reduce((sum, name) => sum + (asCount(usage[name]) ?? 0), 0);
  return parsePercent((100 * used) / size);
}

function parseLimits(limits: JsonObject | null): RateLimits | null {
  if (limits === null) return null;
  return {
    fiveHour: parseLimit(asObject(limits['five_hour'])),
    sevenDay: parseLimit(asObject(limits['seven_day'])),
  };
}

function parseLimit(limit: JsonObject | null): RateLimit | null {
  const usedPercent = parsePercent(limit?.['used_percentage']);
  if (usedPercent === null) return null;
  const resetsAt = limit?.['resets_at'];
  const seconds = asCount(resetsAt);
  return { usedPercent, resetsAtMs: seconds === null ? asTimeMs(resetsAt) : seconds * 1000 };
}

/** A subscription can be overdrawn, so more than 100 % is possible, but a thousandfold is an error. */
function parsePercent(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1000 ? value : null;
}
