import { randomBytes } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { expandPath, type Environment, ledgerPath } from '../sources/machine/paths.ts';
import { readSettings } from '../sources/settings/file.ts';
import { UserError } from '../core/lang/user-error.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { createApp } from './app.ts';
import { backgroundWork } from './jobs/index.ts';
import {
  CONNECTION_LIMITS,
  type ConnectionLimits,
  limitConnections,
  serverOptions,
} from './http/connections.ts';
import { Freshness } from './jobs/freshness.ts';
import { LINGER_LIMITS, lingerBehindAnswers } from './http/linger.ts';
import { Metrics } from './metrics.ts';
import { isLoopback, toHostName } from './auth/own-hosts.ts';
import type { Server } from './server.ts';
import { RecordStream } from './stream.ts';
import { WorkerPool } from './workers/pool.ts';
import { type Tokens, ownTokens, tokenPath, tokensFrom } from './auth/token.ts';

export interface ServeOptions {
  env: Environment;
  version: string;
  host: string;
  /** Other names that requests may give as Host. */
  allowedHosts: string[];
  /** 0: any free port. */
  port: number;
  tokenFile: string | null;
  /** False: transcripts are not read; answers contain only what is already in the ledger. */
  isRefreshing: boolean;
  /** The folder of the built dashboard; it may not exist. */
  webFolder: string;
  warn: (text: string) => void;
  /** Overrides of CONNECTION_LIMITS. */
  limits?: Partial<ConnectionLimits>;
}

export interface Running {
  ledger: string;
  /** The address with the token, which signs a browser in. */
  address: string;
  /** An address that signs a browser in once, within a minute. It may appear where others can see it. */
  addressOnce: () => string;
  /** Answers the requests in progress, then ends everything. */
  stop: () => Promise<void>;
}

/** How long a one-time address is valid: long enough for a browser to start. */
const ONCE_MS = 60_000;
/** How long requests in progress may take when the server stops. */
const DRAIN_MS = 5000;

/**
 * Starts the server.
 * @throws UserError for options that are not allowed; Node's own error, such as EADDRINUSE, if it can't listen
 */
export async function startServer(options: ServeOptions): Promise<Running> {
  const { env, version, host, isRefreshing, warn } = options;
  if (!isLoopback(host) && options.tokenFile === null) {
    throw new UserError(
      `--host ${host} can be reached from other machines, so it needs a --token-file of your own`,
      'Write a long random token to a file that only you can read.',
    );
  }
  const allowedHosts = options.allowedHosts.map(toHostName);
  const ledger = ledgerPath(env, readSettings(env).telemetry.path);
  const tokens = findTokens(options);
  // Workers create the ledger's files, and a worker can't set the umask itself.
  process.umask(0o077);
  const onceKeys = new Set<string>();
  const threads: WorkerPool = new WorkerPool({ env, version }, (records) =>
    stream.publish(records),
  );
  const stream = new RecordStream(threads);
  let port = options.port;
  const server: Server = {
    version,
    host,
    allowedHosts,
    ledger,
    port: () => port,
    tokens,
    onceKeys,
    threads,
    stream,
    freshness: new Freshness(threads, isRefreshing),
    metrics: new Metrics(() => stream.listeners),
  };
  const { fetch } = createApp(server, options.webFolder);
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const http = createAdaptorServer({
    fetch,
    serverOptions: serverOptions(limits),
    // The automatic clean-up would cut off a client that is still sending half a second after its answer.
    autoCleanupIncoming: false,
  }) as HttpServer;
  lingerBehindAnswers(http, LINGER_LIMITS);
  limitConnections(http, limits);
  try {
    port = await listen(http, host, port);
  } catch (error) {
    await threads.close(0);
    throw error;
  }
  threads.warm(['hooks', 'reports', 'ingest']);
  const { freshness } = server;
  const work = backgroundWork.map(({ name, start }) => ({
    name,
    stop: start({ env, version, freshness, stream, warn }),
  }));
  const stop = async (): Promise<void> => {
    const deadlineMs = Date.now() + DRAIN_MS;
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    stream.end();
    http.closeIdleConnections();
    const stopping = work.map(async ({ name, stop: stopWork }) => {
      try {
        await stopWork();
      } catch (error) {
        warn(`${name}: ${toErrorMessage(error)}`);
      }
    });
    const timer = setTimeout(() => http.closeAllConnections(), DRAIN_MS - 500);
    await Promise.all([closed, ...stopping]);
    clearTimeout(timer);
    await threads.close(deadlineMs);
  };
  const addressWith = (token: string): string => `${formatOrigin(host, port)}/?token=${token}`;
  const addressOnce = (): string => {
    const key = randomBytes(24).toString('base64url');
    onceKeys.add(key);
    setTimeout(() => onceKeys.delete(key), ONCE_MS).unref();
    return addressWith(key);
  };
  return { ledger, address: addressWith(tokens.token), addressOnce, stop };
}

/** The server's own tokens, or the user's. @throws UserError */
export function findTokens({ env, tokenFile }: Pick<ServeOptions, 'env' | 'tokenFile'>): Tokens {
  if (tokenFile !== null) return tokensFrom(expandPath(tokenFile, env));
  return ownTokens(tokenPath(ledgerPath(env, readSettings(env).telemetry.path)));
}

/** The origin under which this machine reaches the server. */
export function formatOrigin(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host;
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`;
}

function listen(http: HttpServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve((http.address() as AddressInfo).port);
    });
  });
}
