import { HOUR_MS } from '../time/units.ts';
import type { BilledRequest } from './billed.ts';

/** Why a cache was lost, as far as the transcript shows. */
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

/** @param baseTokens of the system prompt and tool definitions, as far as known: they stand in front of everything */
export function missReason(
  request: BilledRequest,
  before: BilledRequest & { /** The cache before it was written for an hour. */ hasHour: boolean },
  isReset: boolean,
  baseTokens: number,
): MissReason {
  if (isReset) return 'compaction';
  if (request.model !== before.model) return 'model-switch';
  const idleMs = request.occurredAtMs - before.occurredAtMs;
  if (idleMs > HOUR_MS) return 'idle-1h';
  if (idleMs > FIVE_MINUTES_MS && !before.hasHour) return 'idle-5m';
  // A fork begins as its parent did, and reads its cache as long as there is one.
  if (request.sessionId !== before.sessionId) return 'fork';
  const { cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = before;
  if (cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens === 0) return 'not-cached';
  // What the first prompt held beside system and tools is in the base too: on real sessions the half of it.
  return request.cacheReadTokens < baseTokens / 2 ? 'system-or-tools-changed' : 'context-changed';
}
