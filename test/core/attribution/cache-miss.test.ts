import { expect, test } from 'vitest';
import { type MissReason, missReason } from '../../../src/core/attribution/cache-miss.ts';
import { billed } from '../../helpers/billed.ts';

const MINUTE = 60_000;
const before = { ...billed({ cacheWrite5mTokens: 5000 }), hasHour: false };
const hourly = { ...billed({ cacheWrite1hTokens: 5000 }), hasHour: true };
const after = (minutes: number, over: object = {}) =>
  billed({ occurredAtMs: before.occurredAtMs + minutes * MINUTE, ...over });

test.each<[MissReason, string, ReturnType<typeof billed>, typeof before, boolean, number]>([
  ['compaction', 'whatever else happened', after(90, { model: 'other' }), before, true, 0],
  ['fork', 'in another session', after(1, { sessionId: 'fork' }), before, false, 0],
  // A fork begins as its parent did: the client reads the parent's cache, as long as there is one.
  ['idle-5m', 'in a fork six minutes later', after(6, { sessionId: 'fork' }), before, false, 0],
  [
    'model-switch',
    'in a fork with another model',
    after(1, { sessionId: 'fork', model: 'other' }),
    before,
    false,
    0,
  ],
  ['model-switch', 'with another model', after(90, { model: 'other' }), before, false, 0],
  ['idle-5m', 'after six minutes', after(6), before, false, 0],
  ['context-changed', 'after five', after(5), before, false, 0],
  [
    'context-changed',
    'after six minutes of a cache that lives for an hour',
    after(6),
    hourly,
    false,
    0,
  ],
  ['idle-1h', 'after more than an hour', after(61), hourly, false, 0],
  ['idle-1h', 'whatever its life was', after(61), before, false, 0],
  ['not-cached', 'where nothing was cached', after(1), { ...billed({}), hasHour: false }, false, 0],
  [
    'system-or-tools-changed',
    'where not even half of the system was read',
    after(1, { cacheReadTokens: 49 }),
    before,
    false,
    100,
  ],
  [
    'context-changed',
    'where half of it was',
    after(1, { cacheReadTokens: 50 }),
    before,
    false,
    100,
  ],
])('%s: %s', (reason, _, request, last, isReset, systemTokens) => {
  expect(missReason(request, last, isReset, systemTokens)).toBe(reason);
});
