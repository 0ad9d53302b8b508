import type { HookEvent } from '../core/hook/event.ts';
import type { CollectLimits } from '../ingest/collect.ts';

export interface HookLimits extends CollectLimits {
  /** How long the hook waits for the ledger's lock before it writes to the spool. */
  busyTimeoutMs: number;
  /** How long it waits for the end of the turn to reach the transcript. */
  tailWaitMs: number;
}

const MEGABYTE = 1024 * 1024;

/** How long an event may take: a tool call must not wait, the end of a session may. */
export function computeLimits(event: HookEvent, nowMs: number): HookLimits {
  switch (event.phase) {
    case 'turn-end':
      return {
        maxBytes: 32 * MEGABYTE,
        deadlineMs: nowMs + 400,
        busyTimeoutMs: 250,
        tailWaitMs: 150,
      };
    case 'session-start':
      return {
        maxBytes: 64 * MEGABYTE,
        deadlineMs: nowMs + 400,
        busyTimeoutMs: 250,
        tailWaitMs: 0,
      };
    case 'session-end':
      // Claude Code ends the hook after 1.5 s if a plugin registered it.
      return {
        maxBytes: 1024 * MEGABYTE,
        deadlineMs: nowMs + 900,
        busyTimeoutMs: 1000,
        tailWaitMs: 0,
      };
    case 'tool':
    case 'other':
      return {
        maxBytes: 4 * MEGABYTE,
        deadlineMs: nowMs + 400,
        busyTimeoutMs: 250,
        tailWaitMs: 0,
      };
  }
}
