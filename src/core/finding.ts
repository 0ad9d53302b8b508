/** What one check of `doctor` found. `note`: worth knowing, nothing to mend; a fault is. */
export interface Finding {
  /** Which check, as in `hook-run`. */
  check: string;
  state: 'ok' | 'note' | 'fault';
  /** One line on what was found. */
  found: string;
  /** What follows from it; null where there is nothing to say. */
  means: string | null;
  /** The command that mends it, or what else does. */
  mend: string | null;
}

export function sound(check: string, found: string): Finding {
  return { check, state: 'ok', found, means: null, mend: null };
}

export function noteworthy(check: string, found: string, means: string, mend?: string): Finding {
  return { check, state: 'note', found, means, mend: mend ?? null };
}

export function fault(check: string, found: string, means: string, mend: string): Finding {
  return { check, state: 'fault', found, means, mend };
}
