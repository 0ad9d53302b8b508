import type { csrfAnswer, problem } from '../../schemas/answers/parts.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';

/** A failed request: the server's error, or that it can't be reached. */
export class ApiError extends Error {
  /** HTTP status; 0 if the server can't be reached. */
  readonly status: number;
  readonly code: string;
  readonly field: string | null;

  constructor(status: number, code: string, message: string, field: string | null = null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

export type Query = Record<string, string | number | undefined>;

/** The query string with its question mark; empty if no parameter is set. */
export function queryText(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** @throws ApiError */
export async function request<Document>(address: string, init?: RequestInit): Promise<Document> {
  const answer = await fetch(address, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'The server does not answer.');
  });
  const text = await answer.text();
  const body = parseJson(text) as Partial<DocumentOf<typeof problem>> | null;
  if (answer.ok && body !== null) return body as Document;
  const { code = 'unknown', message = 'The answer is not JSON.', field = null } = body?.error ?? {};
  throw new ApiError(answer.status, code, message, field);
}

/** Sends a change, with the CSRF token that only this server's own pages can read. @throws ApiError */
export async function change<Document>(
  method: 'POST' | 'DELETE',
  address: string,
  body?: object,
): Promise<Document> {
  const { csrfToken } = await request<DocumentOf<typeof csrfAnswer>>('/api/csrf');
  return request<Document>(address, {
    method,
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
