import type * as z from 'zod';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { WorkerContext } from '../workers/context.ts';

/**
 * Where answers are made. `hooks` writes events and what else comes in, and waits for nobody; `reports`
 * answers from roll-ups, in milliseconds; `rows` may read every row; `ingest` reads transcripts.
 */
export type ThreadName = 'hooks' | 'reports' | 'rows' | 'ingest';

/**
 * Who may call: `token` is who has the server's token, by cookie or header; `ingest` also who has the
 * one that only lets things in; `open` is anyone on this machine; `change` is `token`, and with a cookie
 * also the CSRF token, which only this server's own pages can read.
 */
export type Access = 'token' | 'ingest' | 'open' | 'change';

export interface RouteInput<Query> {
  /** What the address says, in braces and behind the question mark. */
  query: Query;
  /** Empty where the route takes none. */
  body: Uint8Array;
  receivedAtMs: number;
}

/**
 * One route: its shapes, which check requests and answers and are the OpenAPI document, and its answer,
 * which is made in a thread. A new one is a module in routes/ and a line in routes/index.ts.
 */
export interface Route<
  Query extends z.ZodObject = z.ZodObject,
  Answer extends z.ZodType | null = z.ZodType | null,
  Given = unknown,
> {
  method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: `/api/costs/sessions/{sessionId}`; such names are in `query` too. */
  path: string;
  summary: string;
  access: Access;
  query: Query;
  /** Of a route that takes one. */
  body?: { maxBytes: number; describe: string; schema: z.ZodType };
  /** What it is refused with beside what every route is. */
  refusals?: readonly (404 | 409)[];
  /** The answer's shape; null: `respond` gives the text itself, or null for none. */
  answer: Answer;
  thread: ThreadName | ((query: z.output<Query>) => ThreadName);
  /** Runs in the thread. @throws Problem */
  respond: (asked: RouteInput<z.output<Query>>, worker: WorkerContext) => Given | Promise<Given>;
}

type Answered<Answer> = Answer extends z.ZodType ? DocumentOf<Answer> : string | null;

/** Anything where an answer has the fields of its shape, the optional ones too; else those that differ. */
type Documented<Answer, Given> =
  | Exclude<keyof Given, keyof Answered<Answer>>
  | Exclude<keyof Answered<Answer>, keyof Given> extends infer Differing
  ? [Differing] extends [never]
    ? unknown
    : { differing: Differing }
  : never;

/** Does not compile where what `respond` gives is not as its answer's shape has it. */
export function route<
  Query extends z.ZodObject,
  Answer extends z.ZodType | null,
  Given extends Answered<Answer>,
>(route: Route<Query, Answer, Given> & Documented<Answer, Given>): Route {
  return route;
}
