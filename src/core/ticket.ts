import { patternSearch } from './pattern/match.ts';
import { PatternRefused } from './pattern/node.ts';
import { DEFAULT_TICKET_PATTERN, TICKET_PATTERN_FORM } from './ticket-pattern.ts';
import { UserError } from './lang/user-error.ts';

/** Git allows far longer names, but tickets are near the start. */
const BRANCH_LENGTH = 200;

/**
 * Returns a function that finds the ticket in a branch name: the first group of the pattern if it has one,
 * otherwise the whole match; null if nothing matches. Each branch name is searched only once, in time that
 * grows linearly with its length and that of the pattern.
 * @throws UserError if the pattern is not a regular expression or could take long to match: it may come
 * from a hostile repository
 */
export function ticketFinder(
  pattern: string = DEFAULT_TICKET_PATTERN,
): (branch: string | null) => string | null {
  const search = searchFor(pattern);
  const cached = new Map<string, string | null>();
  return (branch) => {
    if (branch === null) return null;
    let ticket = cached.get(branch);
    if (ticket === undefined) {
      const match = search(branch.slice(0, BRANCH_LENGTH));
      ticket = (match?.first ?? match?.whole) || null;
      cached.set(branch, ticket);
    }
    return ticket;
  };
}

/** Whether a pattern is accepted. */
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
    const why =
      error instanceof PatternRefused ? error.message : 'is not a valid regular expression';
    throw new UserError(
      `ticket pattern '${pattern}' ${why}`,
      `Use a ${TICKET_PATTERN_FORM}; the default is ${DEFAULT_TICKET_PATTERN}.`,
    );
  }
}
