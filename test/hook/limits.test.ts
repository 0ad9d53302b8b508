import { expect, test } from 'vitest';
import type { HookEvent } from '../../src/core/hook/event.ts';
import { computeLimits } from '../../src/hook/limits.ts';
import { hookEvent } from '../helpers/hook-event.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const MEGABYTE = 1024 * 1024;

test.each<[HookEvent['phase'], object]>([
  ['tool', { megabytes: 4, withinMs: 400, busyTimeoutMs: 250, tailWaitMs: 0 }],
  ['other', { megabytes: 4, withinMs: 400, busyTimeoutMs: 250, tailWaitMs: 0 }],
  ['turn-end', { megabytes: 32, withinMs: 400, busyTimeoutMs: 250, tailWaitMs: 150 }],
  ['session-start', { megabytes: 64, withinMs: 400, busyTimeoutMs: 250, tailWaitMs: 0 }],
  ['session-end', { megabytes: 1024, withinMs: 900, busyTimeoutMs: 1000, tailWaitMs: 0 }],
])('%s may read and wait so much', (phase, expected) => {
  const { maxBytes, deadlineMs, ...waits } = computeLimits(hookEvent({ phase }), NOW_MS);
  const limits = { megabytes: maxBytes / MEGABYTE, withinMs: deadlineMs - NOW_MS, ...waits };
  expect(limits).toEqual(expected);
});

test('at the end of a session the waits leave time before the client ends the hook', () => {
  const clientEndsMs = 1500;
  const { deadlineMs, busyTimeoutMs } = computeLimits(hookEvent({ phase: 'session-end' }), NOW_MS);
  expect(Math.max(deadlineMs - NOW_MS, busyTimeoutMs)).toBeLessThan(clientEndsMs);
});
