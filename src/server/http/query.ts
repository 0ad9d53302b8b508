import type { Context } from 'hono';
import type * as z from 'zod';
import { closestMatch } from '../../core/lang/closest-match.ts';
import { Problem } from './problem.ts';

/** What the address says: behind the question mark, and in the place of its parts. @throws Problem */
export function readQuery(context: Context): Record<string, string> {
  // Not hono's `queries()`: its plain object loses a parameter that is called __proto__.
  const found = new Map<string, string>();
  for (const [name, value] of new URL(context.req.url).searchParams) {
    if (found.has(name)) throw new Problem(400, 'bad_parameter', 'is given more than once', name);
    found.set(name, value);
  }
  return { ...Object.fromEntries(found), ...context.req.param() };
}

/** @throws Problem that names the first parameter that is wrong */
export function parseQuery<Query extends z.ZodObject>(
  schema: Query,
  given: Record<string, string>,
): z.output<Query> {
  const found = schema.safeParse(given);
  if (found.success) return found.data;
  throw refusal(found.error, schema, 'parameter');
}

/** Names the first parameter of an address, or field of a body, that is wrong. */
export function refusal(
  { issues: [issue] }: z.ZodError,
  { shape }: z.ZodObject,
  what: 'parameter' | 'field',
): Problem {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const names = Object.keys(shape);
    const meant = closestMatch(name, names);
    const hint = meant === null ? `there are ${names.join(', ')}` : `did you mean ${meant}?`;
    return new Problem(400, `unknown_${what}`, `there is no such ${what}; ${hint}`, name);
  }
  const field = issue?.path[0] === undefined ? null : String(issue.path[0]);
  const code = what === 'field' ? 'bad_body' : 'bad_parameter';
  return new Problem(400, code, issue?.message ?? 'is wrong', field);
}
