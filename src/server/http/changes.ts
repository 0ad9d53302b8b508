// What routes that change the ledger share.
import type * as z from 'zod';
import { parseJson } from '../../core/lang/json.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { Problem, READONLY } from './problem.ts';
import { refusal } from './query.ts';

/** A change is said in a few words. */
export const MAX_CHANGE_BYTES = 16 * 1024;

/** A body as its shape has it. @throws Problem that names the field at fault */
export function checkedBody<Shape extends z.ZodObject>(
  shape: Shape,
  body: Uint8Array,
): z.output<Shape> {
  const found = shape.safeParse(parseJson(new TextDecoder().decode(body)));
  if (found.success) return found.data;
  throw refusal(found.error, shape, 'field');
}

/** @throws Problem */
export function ensureWritable(db: Ledger): void {
  if (db.readonly) throw new Problem(READONLY.status, READONLY.code, READONLY.message);
}
