// Apart from ticket.ts: the hook reads the setting, and has no use for what runs the pattern.

/** As trackers write them: ABC-123. A bare number is no ticket: branches are full of them. */
export const DEFAULT_TICKET_PATTERN = String.raw`[A-Z][A-Z0-9]+-\d+`;

/** What a pattern has to be, for messages. */
export const TICKET_PATTERN_FORM =
  'regular expression of at most 200 characters without references, flags and repeats of what can be empty';
