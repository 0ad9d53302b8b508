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
import { isLoopback } from './auth/security.ts';
import type { Server } from './server.ts';
import { RecordStream } from './stream.ts';
import { WorkerPool } from './workers/pool.ts';
import { type Tokens, ownTokens, tokenPath, tokensFrom } from './auth/token.ts';

export interface ServeOptions {
  env: Environment;
  version: string;
  host: string;
  /** 0: any that is free. */
  port: number;
  tokenFile: string | null;
  /** False: answers tell what the ledger holds, transcripts are not read. */
  isRefreshing: boolean;
  /** The built dashboard; it may not be there. */
  webFolder: string;
  warn: (text: string) => void;
  /** Where they are not the usual ones. */
  limits?: Partial<ConnectionLimits>;
}

export interface Running {
  ledger: string;
  /** With the token: opens the server for a browser. */
  address: string;
  /** An address that opens the server once, within a minute: it may stand where others see it. */
  addressOnce: () => string;
  /** Answers what was asked, then ends everything. */
  stop: () => Promise<void>;
}

/** How long a browser may take to start. */
const ONCE_MS = 60_000;
/** How long requests at work are waited for when the server stops. */
const DRAIN_MS = 5000;

/**
 * Starts the server.
 * @throws UserError where it may not listen there; Node's own error (EADDRINUSE) where it can't
 */
export async function startServer(options: ServeOptions): Promise<Running> {
  const { env, version, host, isRefreshing, warn } = options;
  if (!isLoopback(host) && options.tokenFile === null) {
    throw new UserError(
      `--host ${host} is reached from other machines: that needs a --token-file of your own`,
      'Write a long random token into a file that only you can read.',
    );
  }
  const ledger = ledgerPath(env, readSettings(env).telemetry.path);
  const tokens = findTokens(options);
  // Threads make the ledger and its companions, and can't set it themselves.
  process.umask(0o077);
  const onceKeys = new Set<string>();
  const threads: WorkerPool = new WorkerPool({ env, version }, (records) => stream.tell(records));
  const stream = new RecordStream(threads);
  let port = options.port;
  const server: Server = {
    version,
    host,
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
    // It would cut off a client that still sends half a second after its answer.
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
    const left = setTimeout(() => http.closeAllConnections(), DRAIN_MS - 500);
    await Promise.all([closed, ...stopping]);
    clearTimeout(left);
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

/** As this machine reaches the server. */
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
