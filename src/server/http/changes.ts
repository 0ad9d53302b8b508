// Shared by the routes that change the ledger.
import type * as z from 'zod';
import { parseJson } from '../../core/lang/json.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { Problem, READONLY } from './problem.ts';
import { refusal } from './query.ts';

/** Bodies of changes are small. */
export const MAX_CHANGE_BYTES = 16 * 1024;

/** Parses and checks a body. @throws Problem that names the invalid field */
export function checkedBody<Shape extends z.ZodObject>(
  shape: Shape,
  body: Uint8Array,
): z.output<Shape> {
  const result = shape.safeParse(parseJson(new TextDecoder().decode(body)));
  if (result.success) return result.data;
  throw refusal(result.error, shape, 'field');
}

/** @throws Problem if the ledger can only be read */
export function ensureWritable(db: Ledger): void {
  if (db.readonly) throw new Problem(READONLY.status, READONLY.code, READONLY.message);
}
