import { UserError } from './user-error.ts';

/** As trackers write them: ABC-123. A bare number is no ticket: branches are full of them. */
export const DEFAULT_TICKET_PATTERN = String.raw`[A-Z][A-Z0-9]+-\d+`;

/** Git allows far more; what stands in front is what people name a branch by. */
const BRANCH_LENGTH = 200;

/**
 * Finds the ticket in a branch's name: the pattern's first group where it has one, else all that it
 * matches; null where it matches nothing. Linear over many records: a branch is searched once.
 * @throws UserError for a pattern that is no regular expression, or that could take very long: it
 * may come from a repository that is hostile
 */
export function ticketFinder(
  pattern: string = DEFAULT_TICKET_PATTERN,
): (branch: string | null) => string | null {
  const expression = compile(pattern);
  if (workOf(pattern) > MOST_WORK) {
    throw new UserError(
      `ticket pattern: ${pattern} could take very long`,
      'Leave out repeats inside repeats, references, and all but three of * and +.',
    );
  }
  const known = new Map<string, string | null>();
  return (branch) => {
    if (branch === null) return null;
    let ticket = known.get(branch);
    if (ticket === undefined) {
      const match = expression.exec(branch.slice(0, BRANCH_LENGTH));
      ticket = (match?.[1] ?? match?.[0]) || null;
      known.set(branch, ticket);
    }
    return ticket;
  };
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new UserError(
      `ticket pattern: ${pattern} is no regular expression`,
      `The default is ${DEFAULT_TICKET_PATTERN}.`,
    );
  }
}

/** What a repeat without an end counts as: the ways to end it in a branch, shared among a few. */
const UNBOUNDED = 64;
/** Three repeats without an end, and some choices: a fraction of a second at worst. */
const MOST_WORK = UNBOUNDED ** 3 * 4;
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/;

/**
 * A bound of the ways in which a valid pattern can be tried from one place: the product of its
 * choices. Infinite for what can take exponential time (a repeat inside a repeat, a choice
 * inside one) or is not worth telling (references).
 */
function workOf(pattern: string): number {
  let work = 1;
  /** Whether something inside each open group varies. */
  const groups: boolean[] = [];
  let closed: boolean | null = null;
  let at = 0;
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    const quantifier = QUANTIFIER.exec(rest);
    if (quantifier !== null) {
      const ways = waysOf(quantifier);
      if (closed === true && !quantifier[0].startsWith('?')) return Infinity;
      if (ways > 1) vary(groups);
      work *= ways;
      closed = null;
      at += quantifier[0].length;
      continue;
    }
    closed = null;
    const letter = rest[0] ?? '';
    if (letter === '\\') {
      if (/^\\(?:[1-9]|k)/.test(rest)) return Infinity;
      at += 2;
    } else if (letter === '[') at += classLength(rest);
    else {
      if (letter === '(') groups.push(false);
      else if (letter === ')') closed = groups.pop() ?? false;
      else if (letter === '|') {
        vary(groups);
        work *= 2;
      }
      at += letter === '(' ? groupStartLength(rest) : 1;
    }
  }
  return work;
}

/** How many lengths a quantifier allows. */
function waysOf([text, least, comma, most]: RegExpExecArray): number {
  if (text.startsWith('?')) return 2;
  if (least === undefined) return UNBOUNDED;
  if (comma === undefined) return 1;
  return most === '' || most === undefined ? UNBOUNDED : Number(most) - Number(least) + 1;
}

function vary(groups: boolean[]): void {
  groups.fill(true);
}

function classLength(text: string): number {
  return /^\[(?:\\.|[^\]\\])*\]/s.exec(text)?.[0].length ?? 1;
}

function groupStartLength(text: string): number {
  return /^\((?:\?(?:<?[=!]|:|<[^>]*>))?/.exec(text)?.[0].length ?? 1;
}
