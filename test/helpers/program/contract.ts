import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Answer, type Served, errorOf } from './server.ts';

interface Schema {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
}

interface Parameter {
  name: string;
  in: 'query' | 'path';
  schema: Schema;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: object }> };
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

/** One address to request, with its parameters. */
export interface Case {
  route: string;
  path: string;
  /** The invalid parameter. */
  field?: string;
}

/** A change to request, and the expected answer. */
export interface Change {
  method: 'post' | 'delete';
  route: string;
  /** The path of the route, if it has parameters. */
  path?: string;
  body?: unknown;
  status: number;
}

/** A server's answers, checked against its own OpenAPI document. */
export class Contract {
  readonly document: OpenApi;
  readonly #served: Served;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });

  private constructor(served: Served, document: OpenApi) {
    this.#served = served;
    this.document = document;
    this.#ajv.addSchema(document, 'openapi');
  }

  static async of(served: Served): Promise<Contract> {
    return new Contract(served, await served.get<OpenApi>('/openapi.json'));
  }

  /** Routes that answer with JSON. */
  get routes(): string[] {
    return Object.entries(this.document.paths)
      .filter(
        ([, { get }]) => get?.responses['200']?.content?.['application/json']?.schema !== undefined,
      )
      .map(([route]) => route);
  }

  /** Every parameter of every route alone: each value of an enum, and the given values of the others. */
  good(values: Record<string, string[]>): Case[] {
    return this.routes.flatMap((route) => {
      const own = this.#parameters(route).filter((parameter) => parameter.in === 'query');
      const cases = own.flatMap(({ name, schema }) =>
        (values[`${route} ${name}`] ?? values[name] ?? schema.enum ?? []).map((value) => ({
          [name]: value,
        })),
      );
      return [{}, ...cases].map((query) => ({ route, path: this.#path(route, values, query) }));
    });
  }

  /** Every parameter of every route with invalid values. */
  bad(values: Record<string, string[]>, wrong: Record<string, string[]>): Case[] {
    return this.routes.flatMap((route) => {
      const own = this.#parameters(route).filter((parameter) => parameter.in === 'query');
      const cases = own.flatMap(({ name, schema }) =>
        [...wrongFor(schema), ...(wrong[name] ?? [])].map((value) => ({
          route,
          path: this.#path(route, values, { [name]: value }),
          field: name,
        })),
      );
      const unknown = {
        route,
        path: this.#path(route, values, { colour: 'red' }),
        field: 'colour',
      };
      const [first] = own;
      if (first === undefined) return [...cases, unknown];
      const twice = this.#path(route, values, { [first.name]: 'a' });
      return [...cases, unknown, { route, path: `${twice}&${first.name}=b`, field: first.name }];
    });
  }

  /** How an answer differs from the document; null: it matches. */
  async faultOf({ route, path, field }: Case): Promise<string | null> {
    const answer = await this.#served.ask(path);
    const wanted = field === undefined ? 200 : 400;
    if (answer.status !== wanted) return `${path}: ${answer.status} ${answer.text.slice(0, 200)}`;
    if (field !== undefined && errorOf(answer).field !== field) return `${path}: ${answer.text}`;
    return this.#shapeFault(route, path, answer);
  }

  /** Routes that change something, each with its method. */
  get changes(): string[] {
    return Object.entries(this.document.paths).flatMap(([route, operations]) =>
      Object.entries(operations)
        .filter(([method, { responses }]) => method !== 'get' && '403' in responses)
        .map(([method]) => `${method} ${route}`),
    );
  }

  /** How the body of a change and its answer differ from the document. */
  async changeFault({ method, route, path = route, body, status }: Change): Promise<string | null> {
    const named = `${method} ${path} ${JSON.stringify(body) ?? ''}`;
    const isBody = this.#validate([route, method, 'requestBody'], body);
    if (isBody !== null && isBody !== (status !== 400))
      return `${named}: the document ${isBody ? 'allows' : 'refuses'} the body`;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await this.#served.ask(path, { method: method.toUpperCase(), ...sent });
    if (answer.status !== status) return `${named}: ${answer.status} ${answer.text.slice(0, 200)}`;
    return this.#shapeFault(route, named, answer, method);
  }

  async faults(cases: Case[]): Promise<string[]> {
    const found: string[] = [];
    for (const one of cases) {
      const fault = await this.faultOf(one);
      if (fault !== null) found.push(fault);
    }
    return found;
  }

  #shapeFault(route: string, path: string, answer: Answer, method = 'get'): string | null {
    const validate = this.#schemaAt([route, method, 'responses', String(answer.status)]);
    if (validate === undefined) return `${path}: ${answer.status} is not documented`;
    if (validate(JSON.parse(answer.text)) === true) return null;
    return `${path}: ${this.#ajv.errorsText(validate.errors)}`;
  }

  /** @returns null if the document has no such schema */
  #validate(place: string[], value: unknown): boolean | null {
    const validate = this.#schemaAt(place);
    return validate === undefined ? null : validate(value) === true;
  }

  #schemaAt(place: string[]) {
    const whole = ['paths', ...place, 'content', 'application/json', 'schema'];
    const pointer = whole.map((part) => encodeURIComponent(part.replaceAll('/', '~1'))).join('/');
    return this.#ajv.getSchema(`openapi#/${pointer}`);
  }

  #parameters(route: string): Parameter[] {
    return this.document.paths[route]?.['get']?.parameters ?? [];
  }

  #path(route: string, values: Record<string, string[]>, query: Record<string, string>): string {
    const path = route.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(values[name]?.[0] ?? 'unknown'),
    );
    const text = new URLSearchParams(query).toString();
    return text === '' ? path : `${path}?${text}`;
  }
}

function wrongFor({ type, enum: choices, minimum, maximum, minLength }: Schema): string[] {
  if (choices !== undefined) return ['nope', ''];
  if (type === 'integer') {
    const beyond = [
      minimum === undefined ? null : minimum - 1,
      maximum === undefined ? null : maximum + 1,
    ];
    return ['x', '1.5', 'NaN', '1e999', ...beyond.filter((value) => value !== null).map(String)];
  }
  return minLength === undefined || minLength === 0 ? [] : [''];
}
