import type { Context } from 'hono';
import type * as z from 'zod';
import { closestMatch } from '../../core/lang/closest-match.ts';
import { Problem } from './problem.ts';

/** The parameters of an address, from its query string and its path. @throws Problem */
export function readQuery(context: Context): Record<string, string> {
  // Not hono's `queries()`: its plain object loses a parameter that is called __proto__.
  const values = new Map<string, string>();
  for (const [name, value] of new URL(context.req.url).searchParams) {
    if (values.has(name)) throw new Problem(400, 'bad_parameter', 'is given more than once', name);
    values.set(name, value);
  }
  return { ...Object.fromEntries(values), ...context.req.param() };
}

/** @throws Problem that names the first invalid parameter */
export function parseQuery<Query extends z.ZodObject>(
  schema: Query,
  given: Record<string, string>,
): z.output<Query> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw refusal(result.error, schema, 'parameter');
}

/** A problem that names the first invalid parameter of an address, or field of a body. */
export function refusal(
  { issues: [issue] }: z.ZodError,
  { shape }: z.ZodObject,
  what: 'parameter' | 'field',
): Problem {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const names = Object.keys(shape);
    const suggestion = closestMatch(name, names);
    const hint = suggestion === null ? `use ${names.join(', ')}` : `did you mean ${suggestion}?`;
    return new Problem(400, `unknown_${what}`, `is not a known ${what}; ${hint}`, name);
  }
  const field = issue?.path[0] === undefined ? null : String(issue.path[0]);
  const code = what === 'field' ? 'bad_body' : 'bad_parameter';
  return new Problem(400, code, issue?.message ?? 'is not valid', field);
}
