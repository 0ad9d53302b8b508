/** What one check of `doctor` found. `note`: worth knowing, nothing to mend; a fault is. */
export interface Finding {
  /** Which check, as in `hook-run`. */
  check: string;
  state: 'ok' | 'warn' | 'fail';
  /** One line on what was found. */
  message: string;
  /** What follows from it; null where there is nothing to say. */
  impact: string | null;
  /** The command that mends it, or what else does. */
  fix: string | null;
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
