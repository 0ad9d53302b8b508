// Shapes shared by the answers of the REST API, which contain the documents of `tallyhook schema`.
import * as z from 'zod';
import { time } from '../parts.ts';

/** An answer; it may gain fields. */
export function answer<Shape extends z.ZodRawShape>(id: string, shape: Shape) {
  return z.looseObject({ schemaVersion: z.literal(1), generatedAt: time, ...shape }).meta({ id });
}

export const pageShape = {
  total: z.int().describe('Number of items on all pages'),
  page: z.int(),
  pageSize: z.int(),
};

export const period = z
  .looseObject({
    range: z.string().describe('As requested; `custom` where dates were given'),
    since: time.nullable(),
    until: time.nullable().describe('Exclusive end; null: open'),
  })
  .meta({ id: 'period' });

export const problem = z
  .strictObject({
    error: z.strictObject({
      code: z.string(),
      message: z.string(),
      field: z.string().nullable().describe('The invalid parameter'),
    }),
  })
  .meta({ id: 'problem' });

export const csrfAnswer = z.strictObject({ csrfToken: z.string() });
