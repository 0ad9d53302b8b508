export const FINDING_STATES = ['ok', 'warn', 'fail'] as const;

/** What one check of `doctor` found. `note`: worth knowing, nothing to mend; a fault is. */
export interface Finding {
  /** Which check, as in `hook-run`. */
  check: string;
  state: (typeof FINDING_STATES)[number];
  /** One line on what was found. */
  message: string;
  /** What follows from it; null where there is nothing to say. */
  impact: string | null;
  /** The command that mends it, or what else does. */
  fix: string | null;
}

/** A trial run of the hook by `doctor`. */
export interface HookRun {
  command: string;
  durationMs: number;
  /** Starting the same Node with nothing to do. */
  bareNodeMs: number;
  requests: number;
}

/** What one check of `verify` found. */
export interface VerifyCheck {
  name: string;
  isSound: boolean;
  /** One line on what was found. */
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
