import * as z from 'zod';
import { problem } from '../../schemas/answers/parts.ts';
import { record } from '../../schemas/record.ts';
import { type Access, type Route } from './route.ts';
import { routes } from '../routes/index.ts';
import { streamQuery } from '../stream.ts';

type Json = Record<string, unknown>;

const ERRORS: Record<number, string> = {
  400: 'A parameter is invalid or unknown; `field` names it',
  401: 'The token is missing or wrong',
  403: 'The request comes from another site (Host or Origin), or the token does not allow it',
  404: 'Nothing has this name or number; `field` names the parameter',
  405: 'The method is not allowed for this path',
  409: 'It is defined elsewhere, so the server cannot change it',
  413: 'The body is too large',
  503: 'The ledger can’t be used now, or there are too many requests at once',
};

let cached: { version: string; document: Json } | null = null;

/** The OpenAPI 3.1 document of all routes, built from the schemas that check requests and answers. */
export function openApiDocument(version: string): Json {
  if (cached?.version !== version) cached = { version, document: buildOpenApi(version) };
  return cached.document;
}

function buildOpenApi(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: buildOperation(route) };
  }
  Object.assign(paths, ownPaths());
  return {
    openapi: '3.1.0',
    info: {
      title: 'tallyhook',
      version,
      description:
        'What every request of a coding agent cost. Answers may gain fields; none is removed.',
    },
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        ingest: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token that can only send events',
        },
      },
    },
  };
}

/** Every named schema, including all answers. */
function components(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `#/components/schemas/${id}`,
    target: 'draft-2020-12',
    io: 'output',
  });
  const withoutId = ({ $schema: _schema, $id: _id, ...schema }: Json): Json => schema;
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutId(schema)]));
}

function buildOperation(route: Route): Json {
  const ok =
    route.answer === null
      ? {
          description: 'What the command hook would print for the agent; usually empty',
          content: anyJson(),
        }
      : { description: route.summary, content: content(referenceTo(route.answer)) };
  return {
    summary: route.summary,
    security: toSecurity(route.access),
    parameters: listParameters(route.query, route.path),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            description: route.body.describe,
            content: content(plain(route.body.schema, 'input')),
          },
        }),
    responses: {
      200: ok,
      ...errors([...(route.refusals ?? []), ...(route.body === undefined ? [] : [413])]),
    },
  };
}

function ownPaths(): Record<string, Json> {
  const get = (summary: string, access: Access, type: string, more: Json = {}): Json => ({
    get: {
      summary,
      security: toSecurity(access),
      responses: { 200: { description: summary, content: { [type]: {} } }, ...errors([]) },
      ...more,
    },
  });
  const data = content(referenceTo(record))['application/json'];
  return {
    '/api/costs/stream': get(
      'One server-sent event for each new record',
      'token',
      'text/event-stream',
      {
        parameters: listParameters(streamQuery, ''),
        responses: {
          200: {
            description:
              'Events named `record`. The id is the record’s seq; send it as Last-Event-ID to resume',
            content: { 'text/event-stream': data },
          },
          ...errors([]),
        },
      },
    ),
    '/api/csrf': get(
      'The token to send as X-CSRF-Token with a change; not needed with an Authorization header',
      'token',
      'application/json',
    ),
    '/metrics': get('Metrics in the Prometheus text format', 'token', 'text/plain'),
    '/healthz': get('Whether the server and its ledger work', 'open', 'application/json'),
    '/openapi.json': get('This OpenAPI document', 'token', 'application/json'),
  };
}

function listParameters(query: z.ZodObject, path: string): Json[] {
  const { properties = {}, required = [] } = plain(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: path.includes(`{${name}}`) ? 'path' : 'query',
    required: path.includes(`{${name}}`) || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function toSecurity(access: Access): Json[] {
  if (access === 'open') return [];
  return access === 'ingest' ? [{ bearer: [] }, { ingest: [] }] : [{ bearer: [] }];
}

function errors(more: number[]): Json {
  const content_ = content(referenceTo(problem));
  return Object.fromEntries(
    [400, 401, 403, 405, 503, ...more].map((status) => [
      status,
      { description: ERRORS[status], content: content_ },
    ]),
  );
}

function referenceTo(schema: z.ZodType): Json {
  const id = z.globalRegistry.get(schema)?.id;
  return id === undefined ? plain(schema, 'output') : { $ref: `#/components/schemas/${id}` };
}

function plain(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return json;
}

function content(schema: Json): Record<string, Json> {
  return { 'application/json': { schema } };
}

function anyJson(): Record<string, Json> {
  return { 'application/json': {} };
}
