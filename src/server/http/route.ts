import type * as z from 'zod';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { WorkerContext } from '../workers/context.ts';

/**
 * The kind of worker that answers. `hooks` writes events and telemetry and is never blocked by reports;
 * `reports` answers from roll-ups, in milliseconds; `rows` may read every row; `ingest` reads transcripts.
 */
export type ThreadName = 'hooks' | 'reports' | 'rows' | 'ingest';

/**
 * What a request needs. `token`: the server's token, as cookie or header. `ingest`: that, or the ingest
 * token, which can only send events. `open`: nothing. `change`: as `token`, and with a cookie also the CSRF
 * token, which only this server's own pages can read.
 */
export type Access = 'token' | 'ingest' | 'open' | 'change';

export interface RouteInput<Query> {
  /** The parameters from the path and the query string. */
  query: Query;
  /** Empty if the route takes none. */
  body: Uint8Array;
  receivedAtMs: number;
}

/**
 * One route: its schemas, which check requests and answers and make up the OpenAPI document, and the function
 * that answers it in a worker. To add one, add a module in routes/ and a line in routes/index.ts.
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
  /** Only for routes that take a body. */
  body?: { maxBytes: number; describe: string; schema: z.ZodType };
  /** Statuses of errors that this route can answer, in addition to those of every route. */
  refusals?: readonly (404 | 409)[];
  /** The schema of the answer; null: `respond` returns the text itself, or null for an empty body. */
  answer: Answer;
  thread: ThreadName | ((query: z.output<Query>) => ThreadName);
  /** Runs in the worker. @throws Problem */
  respond: (input: RouteInput<z.output<Query>>, worker: WorkerContext) => Given | Promise<Given>;
}

type Answered<Answer> = Answer extends z.ZodType ? DocumentOf<Answer> : string | null;

/** `unknown` if an answer has exactly the fields of its schema, even the optional ones; else those that differ. */
type Documented<Answer, Given> =
  | Exclude<keyof Given, keyof Answered<Answer>>
  | Exclude<keyof Answered<Answer>, keyof Given> extends infer Differing
  ? [Differing] extends [never]
    ? unknown
    : { differing: Differing }
  : never;

/** Declares a route. Does not compile if the type that `respond` returns differs from the answer's schema. */
export function route<
  Query extends z.ZodObject,
  Answer extends z.ZodType | null,
  Given extends Answered<Answer>,
>(route: Route<Query, Answer, Given> & Documented<Answer, Given>): Route {
  return route;
}
