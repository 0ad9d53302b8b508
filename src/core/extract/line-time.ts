import { DAY_MS } from '../time/units.ts';

/** The time of a line, milliseconds UTC. */
export interface LineTime {
  atMs: number;
  /** What the line states if that can't be true; `atMs` is then when it arrived. */
  statedAtMs: number | null;
}

/** Which request a line belongs to, and where and when it was found. */
export interface RequestLine extends LineTime {
  /** The request's identity. */
  id: string;
  /** The session that made it. */
  owner: string;
  /** The subagent that made it; null for the main thread or an unnamed subagent. */
  agentId: string | null;
  isAgentThread: boolean;
  /** The current prompt of the thread. */
  promptId: string | null;
}

/** Clocks of other machines and time zones differ by less. */
const MAX_AHEAD_MS = DAY_MS;

/** Whether something that arrived by `arrivedAtMs` can have happened at `atMs`. */
export function isBelievableTime(atMs: number, arrivedAtMs: number): boolean {
  return atMs - arrivedAtMs <= MAX_AHEAD_MS;
}

/** Before the first agent that writes transcripts: a clock or a file that says so is wrong. */
const FIRST_TRANSCRIPTS_MS = Date.UTC(2025, 0, 1);

/**
 * When the lines of a file had arrived at the latest: at the present for a hook, when the file was last
 * changed for an import. Where neither can be true (a reset clock, a copy dated 1970), any time is
 * possible.
 */
export function latestArrival(isHook: boolean, modifiedAtMs: number, nowMs: number): number {
  const times = isHook ? [nowMs] : [Math.floor(modifiedAtMs), nowMs];
  return Math.min(...times.filter((atMs) => atMs >= FIRST_TRANSCRIPTS_MS));
}
