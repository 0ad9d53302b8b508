import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { jsonText } from '../../core/lang/printable.ts';
import { httpHooks } from '../../agents/claude-code/http-hooks.ts';
import { UserError } from '../../core/lang/user-error.ts';
import type { Running, ServeOptions } from '../../server/start.ts';
import { packageFolder } from '../../sources/machine/paths.ts';
import { openInBrowser } from '../../sources/machine/browser.ts';
import { freePortAfter, portOwner } from '../../sources/machine/port-owner.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { print, printLine, warn } from '../session/io.ts';
import { openOrExplain } from '../session/ledger.ts';
import { currentLedgerPath } from '../session/settings.ts';
import { lastValue } from '../flags/last-value.ts';

declare const TALLYHOOK_VERSION: string;

const DEFAULT_PORT = 8255;

const flags = {
  port: {
    type: 'number',
    coerce: lastValue<number>,
    default: DEFAULT_PORT,
    describe: 'Port to listen on; 0: any that is free',
    requiresArg: true,
  },
  host: {
    type: 'string',
    coerce: lastValue<string>,
    default: '127.0.0.1',
    describe: 'Address to listen on; beyond this machine only with --token-file',
    requiresArg: true,
  },
  'token-file': {
    type: 'string',
    coerce: lastValue<string>,
    describe: "A file with the token to ask for, instead of the server's own",
    requiresArg: true,
  },
  open: {
    type: 'boolean',
    default: false,
    describe: 'Open the dashboard in your browser (BROWSER names another)',
  },
  refresh: {
    type: 'boolean',
    default: true,
    describe: 'Read what is new in the transcripts (--no-refresh: only the ledger)',
  },
  hooks: {
    type: 'boolean',
    default: false,
    describe: "Print the client's settings for HTTP hooks to this port, and serve nothing",
  },
  telemetry: {
    type: 'boolean',
    default: false,
    describe: "Print the client's settings for telemetry to this port, and serve nothing",
  },
  budgets: {
    type: 'boolean',
    default: false,
    describe: 'With --hooks: also those that let a budget stop the work',
  },
} as const;

type ServeFlags = FlagValues<typeof flags>;

export const serveCommand = defineCommand({ flags, handler: serve });

/** The server is a program of its own, with its own class of the same name. */
async function serve(args: ServeFlags): Promise<void> {
  try {
    await start(args);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'UserError') throw error;
    throw new UserError(error.message, (error as UserError).hint);
  }
}

async function start(args: ServeFlags): Promise<void> {
  const { port, host } = args;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError('--port: that is no port', 'Write a whole number up to 65535.');
  }
  if (args.budgets && !args.hooks) throw new UserError('--budgets goes with --hooks', null);
  // What is wrong with the ledger is said here, where somebody reads it.
  openOrExplain(currentLedgerPath()).close();
  const server = await import('../../server/start.ts');
  const options: ServeOptions = {
    env: process.env,
    version: TALLYHOOK_VERSION,
    host,
    port,
    tokenFile: args.tokenFile ?? null,
    isRefreshing: args.refresh,
    webFolder: join(packageFolder(), 'dist/web'),
    warn,
  };
  if (args.hooks) {
    const { ingestToken } = server.findTokens(options);
    const url = `${server.formatOrigin(host, port)}/hook`;
    print(jsonText(httpHooks(url, ingestToken, args.budgets), 2));
    return;
  }
  if (args.telemetry) {
    if (port === 0) {
      throw new UserError('--telemetry: port 0 is another one each time', 'Name one: --port 8255.');
    }
    const { telemetryBlock } = await import('./telemetry-settings.ts');
    const { ingestToken } = server.findTokens(options);
    print(telemetryBlock(process.env, server.formatOrigin(host, port), ingestToken));
    return;
  }
  const running = await server.startServer(options).catch(async (error: unknown) => {
    const next = await portInstead(error, host, port);
    return server.startServer({ ...options, port: next });
  });
  await untilStopped(running, args.open);
}

async function untilStopped(running: Running, isOpening: boolean): Promise<void> {
  // Whoever started it may read the address and go: other commands end then, a server stays.
  for (const output of [process.stdout, process.stderr]) {
    output.removeAllListeners('error').on('error', () => undefined);
  }
  printLine(`tallyhook serves ${running.ledger}`);
  printLine(`  ${running.address}`);
  printLine('The address sets a cookie in your browser; Ctrl-C ends the server.');
  if (isOpening) {
    void openInBrowser(running.addressOnce(), process.env).then((problem) => {
      if (problem !== null) warn(`${problem}: open the address yourself`);
    });
  }
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  await running.stop();
}

/**
 * The port to take where the one that was asked for is taken, if a person at the terminal agrees.
 * @throws UserError saying by whom it is taken, and which one is free; or what else is wrong
 */
async function portInstead(error: unknown, host: string, port: number): Promise<number> {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') {
    throw new UserError(`port ${port} is not yours to take`, 'Ports from 1024 on are.');
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    throw new UserError(
      `--host: ${host} is no address of this machine`,
      'Leave it out for 127.0.0.1.',
    );
  }
  if (code !== 'EADDRINUSE') throw error;
  const owner = (await serverAt(host, port)) ?? portOwner(port);
  const message = `port ${port} is taken${owner === null ? '' : ` by ${owner}`}`;
  const next = await freePortAfter(host, port);
  if (next === null)
    throw new UserError(message, 'tallyhook serve --port 0 takes any that is free.');
  if (process.stdin.isTTY && process.stdout.isTTY && (await isAgreed(message, next))) return next;
  throw new UserError(message, `${next} is free: tallyhook serve --port ${next}`);
}

async function isAgreed(message: string, next: number): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${message}. Take ${next} instead? [Y/n] `);
    return !/^n/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** Another `tallyhook serve`, which says so itself. */
async function serverAt(host: string, port: number): Promise<string | null> {
  try {
    const { formatOrigin } = await import('../../server/start.ts');
    const answer = await fetch(`${formatOrigin(host, port)}/healthz`, {
      signal: AbortSignal.timeout(500),
    });
    const { name, pid } = (await answer.json()) as { name?: unknown; pid?: unknown };
    return name === 'tallyhook' ? `another tallyhook serve (process ${String(pid)})` : null;
  } catch {
    return null;
  }
}
