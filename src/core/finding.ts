export const FINDING_STATES = ['ok', 'warn', 'fail'] as const;

/** The result of one check of `doctor`. */
export interface Finding {
  /** The name of the check, such as `hook-run`. */
  check: string;
  state: (typeof FINDING_STATES)[number];
  /** What was found, in one line. */
  message: string;
  /** The consequence; null if there is none to mention. */
  impact: string | null;
  /** The command that fixes it, or what else to do; null if there is nothing to fix. */
  fix: string | null;
}

/** A trial run of the hook by `doctor`. */
export interface HookRun {
  command: string;
  durationMs: number;
  /** The time to start the same Node with nothing to do. */
  bareNodeMs: number;
  requests: number;
}

/** The result of one check of `verify`. */
export interface VerifyCheck {
  name: string;
  isSound: boolean;
  /** What was found, in one line. */
  found: string;
}

export function ok(check: string, message: string): Finding {
  return { check, state: 'ok', message, impact: null, fix: null };
}

export function warning(check: string, message: string, impact: string, fix?: string): Finding {
  return { check, state: 'warn', message, impact, fix: fix ?? null };
}

export function failure(check: string, message: string, impact: string, fix: string): Finding {
  return { check, state: 'fail', message, impact, fix };
}
