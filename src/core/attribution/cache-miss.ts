import { HOUR_MS } from '../time/units.ts';
import type { BilledRequest } from './billed.ts';

/** Why the cache was lost, as far as the transcript shows. */
export const MISS_REASONS = [
  'compaction',
  'fork',
  'model-switch',
  'idle-5m',
  'idle-1h',
  'not-cached',
  'system-or-tools-changed',
  'context-changed',
] as const;
export type MissReason = (typeof MISS_REASONS)[number];

const FIVE_MINUTES_MS = 300_000;

/** @param baseTokens known tokens of the system prompt and tool definitions, which precede everything else */
export function missReason(
  request: BilledRequest,
  before: BilledRequest & { /** Whether its cache was written for an hour. */ hasHour: boolean },
  isReset: boolean,
  baseTokens: number,
): MissReason {
  if (isReset) return 'compaction';
  if (request.model !== before.model) return 'model-switch';
  const idleMs = request.occurredAtMs - before.occurredAtMs;
  if (idleMs > HOUR_MS) return 'idle-1h';
  if (idleMs > FIVE_MINUTES_MS && !before.hasHour) return 'idle-5m';
  // A fork starts with its parent's context, and can read the parent's cache while that exists.
  if (request.sessionId !== before.sessionId) return 'fork';
  const { cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = before;
  if (cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens === 0) return 'not-cached';
  // The base also includes the rest of the first prompt: in real sessions that is half of it.
  return request.cacheReadTokens < baseTokens / 2 ? 'system-or-tools-changed' : 'context-changed';
}
