import { patternSearch } from './pattern/match.ts';
import { PatternRefused } from './pattern/node.ts';
import { DEFAULT_TICKET_PATTERN, TICKET_PATTERN_FORM } from './ticket-pattern.ts';
import { UserError } from './lang/user-error.ts';

/** Git allows far more; what stands in front is what people name a branch by. */
const BRANCH_LENGTH = 200;

/**
 * Finds the ticket in a branch's name: the pattern's first group where it has one, else all that it
 * matches; null where it matches nothing. A branch is searched once, in time that grows with its
 * length and the pattern's.
 * @throws UserError for a pattern that is not a regular expression, or is one that could take long: it
 * may come from a hostile repository
 */
export function ticketFinder(
  pattern: string = DEFAULT_TICKET_PATTERN,
): (branch: string | null) => string | null {
  const search = searchFor(pattern);
  const known = new Map<string, string | null>();
  return (branch) => {
    if (branch === null) return null;
    let ticket = known.get(branch);
    if (ticket === undefined) {
      const found = search(branch.slice(0, BRANCH_LENGTH));
      ticket = (found?.first ?? found?.whole) || null;
      known.set(branch, ticket);
    }
    return ticket;
  };
}

/** Whether a pattern is one that is run. */
export function isTicketPattern(pattern: string): boolean {
  try {
    patternSearch(pattern);
    return true;
  } catch {
    return false;
  }
}

function searchFor(pattern: string): ReturnType<typeof patternSearch> {
  try {
    return patternSearch(pattern);
  } catch (error) {
    const why = error instanceof PatternRefused ? error.message : 'is no regular expression';
    throw new UserError(
      `ticket pattern: ${pattern} ${why}`,
      `It has to be a ${TICKET_PATTERN_FORM}; the default is ${DEFAULT_TICKET_PATTERN}.`,
    );
  }
}
