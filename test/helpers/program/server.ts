import { type ChildProcess, spawn } from 'node:child_process';
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Home } from '../home.ts';
import { type Run, cliFile } from './run.ts';
import { pause } from './tail.ts';

/** Far longer than any output takes. */
const LATE_MS = 45_000;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

interface User {
  uid?: number;
}

/** A running `tallyhook serve`. */
export class Served {
  readonly home: Home;
  readonly child: ChildProcess;
  readonly #closed: Promise<Pick<Run, 'status' | 'signal'>>;
  stdout = '';
  stderr = '';
  port = 0;
  token = '';

  private constructor(home: Home, args: string[], env: Record<string, string>, user: User) {
    this.home = home;
    this.child = spawn(process.execPath, [cliFile, 'serve', '--port', '0', ...args], {
      cwd: home.folder,
      env: { ...home.env, ...env },
      ...user,
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#closed = new Promise((resolve) => {
      this.child.on('close', (status, signal) => resolve({ status, signal }));
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Starts a server and waits until it listens, by default on any free port. */
  static async start(
    home: Home,
    args: string[] = [],
    env: Record<string, string> = {},
    user: User = {},
  ): Promise<Served> {
    const served = new Served(home, args, env, user);
    const address = /http:\/\/[^:]*:(\d+)\/\?token=(\S+)/;
    await until(
      () => address.test(served.stdout),
      () => `no address: ${served.stdout}${served.stderr}`,
    );
    const [, port, token = ''] = address.exec(served.stdout) ?? [];
    served.port = Number(port);
    served.token = token;
    return served;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sends a request, with the token unless `authorization` is given. */
  ask(path: string, options: RequestOptions & { body?: string | Buffer } = {}): Promise<Answer> {
    const { body, headers, ...rest } = options;
    const authorization = `Bearer ${this.token}`;
    const all = { authorization, ...(headers as Record<string, string> | undefined) };
    if (all.authorization === '') Reflect.deleteProperty(all, 'authorization');
    return ask({ host: '127.0.0.1', port: this.port, path, headers: all, ...rest }, body);
  }

  /** The document of an answer, which must have status 200. */
  async get<Document = Record<string, unknown>>(path: string): Promise<Document> {
    const { status, text } = await this.ask(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text) as Document;
  }

  /** Sends an event as Claude Code does. */
  hook(event: object | string | Buffer, path = '/hook'): Promise<Answer> {
    const body =
      typeof event === 'string' || Buffer.isBuffer(event) ? event : JSON.stringify(event);
    const headers = { 'content-type': 'application/json' };
    return this.ask(path, { method: 'POST', headers, body });
  }

  async end(signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM'): Promise<Run> {
    this.child.kill(signal);
    return { ...(await this.#closed), stdout: this.stdout, stderr: this.stderr };
  }
}

export function ask(options: RequestOptions, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent: false, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
      );
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Waits for a condition. @throws if it does not come true in time */
export async function until(
  isThere: () => boolean | Promise<boolean>,
  otherwise: () => string,
): Promise<void> {
  const deadline = Date.now() + LATE_MS;
  while (!(await isThere())) {
    if (Date.now() > deadline) throw new Error(otherwise());
    await pause(20);
  }
}

/** The cookie that the printed address sets: `NAME=VALUE`. */
export async function signIn(served: Served): Promise<string> {
  const { headers } = await served.ask(`/?token=${served.token}`, {
    headers: { authorization: '' },
  });
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** Headers of a page of the server's own, in a browser that is signed in. */
export async function asPage(served: Served): Promise<Record<string, string>> {
  return {
    authorization: '',
    cookie: await signIn(served),
    origin: served.url,
    'content-type': 'application/json',
  };
}

export function errorOf({ text }: Answer): { code: string; message: string; field: string | null } {
  return (JSON.parse(text) as { error: { code: string; message: string; field: string | null } })
    .error;
}
