// What must not compile: `npm run check:types` fails where one of these lines does.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { answer } from '../../src/schemas/answers/parts.ts';
import { schemaOf } from '../../src/schemas/schema-of.ts';
import { route } from '../../src/server/http/route.ts';

interface Found {
  name: string;
  at?: string | null;
  parts: { cause: 'a' | 'b'; count: number }[];
}

const part = { cause: z.enum(['a', 'b']), count: z.int() };
const shape = {
  name: z.string(),
  at: z.string().nullable().optional(),
  parts: z.array(z.looseObject(part)),
};

test('a schema is passed on that has the fields of its type', () => {
  const schema = z.looseObject(shape);
  expect(schemaOf<Found>()(schema)).toBe(schema);
});

test('a schema does not compile with a field more, less or of another type', () => {
  const { name: _name, ...nameless } = shape;
  const { at: _at, ...timeless } = shape;
  const schemas = [
    // @ts-expect-error -- more than the type
    schemaOf<Found>()(z.looseObject({ ...shape, more: z.int() })),
    // @ts-expect-error -- more than the type, though optional
    schemaOf<Found>()(z.looseObject({ ...shape, more: z.int().optional() })),
    // @ts-expect-error -- less than the type
    schemaOf<Found>()(z.looseObject(nameless)),
    // @ts-expect-error -- less than the type, though optional
    schemaOf<Found>()(z.looseObject(timeless)),
    // @ts-expect-error -- optional in the type alone
    schemaOf<Found>()(z.looseObject({ ...shape, at: z.string().nullable() })),
    // @ts-expect-error -- less, further down
    schemaOf<Found>()(z.looseObject({ ...shape, parts: z.array(z.looseObject({})) })),
    schemaOf<Found>()(
      // @ts-expect-error -- a name that the type does not have
      z.looseObject({
        ...shape,
        parts: z.array(z.looseObject({ ...part, cause: z.enum(['a', 'b', 'c']) })),
      }),
    ),
  ];
  expect(schemas).toHaveLength(7);
});

test('a route does not compile whose answer is not as its shape', () => {
  const rest = {
    method: 'get',
    path: '/',
    summary: '',
    access: 'open',
    thread: 'reports',
    query: z.strictObject({}),
  } as const;
  const shaped = answer('schema-of-test', { name: z.string(), at: z.string().optional() });
  const head = { schemaVersion: 1, generatedAt: '' } as const;
  const given = { ...head, name: '', at: '' };
  const routes = [
    route({ ...rest, answer: shaped, respond: () => given }),
    // @ts-expect-error -- less than its shape
    route({ ...rest, answer: shaped, respond: () => ({ ...head, at: '' }) }),
    // @ts-expect-error -- never what its shape has as optional
    route({ ...rest, answer: shaped, respond: () => ({ ...head, name: '' }) }),
    // @ts-expect-error -- more than its shape
    route({ ...rest, answer: shaped, respond: () => ({ ...given, more: 1 }) }),
  ];
  expect(routes).toHaveLength(4);
});
