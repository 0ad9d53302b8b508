// Separate from ticket.ts because the hook reads the setting but never runs the pattern.

/** The form most trackers use: ABC-123. A bare number is not a ticket: many branch names contain one. */
export const DEFAULT_TICKET_PATTERN = String.raw`[A-Z][A-Z0-9]+-\d+`;

/** What a pattern must be, for messages; to follow "a". */
export const TICKET_PATTERN_FORM =
  'regular expression of at most 200 characters, without references, flags or repeats of an empty match';
