import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { jsonText } from '../../core/lang/printable.ts';
import { httpHooks } from '../../agents/claude-code/settings/http-hooks.ts';
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
    describe: 'Port to listen on (0: any free port)',
    requiresArg: true,
  },
  host: {
    type: 'string',
    coerce: lastValue<string>,
    default: '127.0.0.1',
    describe: 'Address to listen on; other machines can connect only with --token-file',
    requiresArg: true,
  },
  'allow-host': {
    type: 'string',
    array: true,
    describe:
      'Another name by which requests may reach the server, e.g. host.docker.internal (repeatable)',
    requiresArg: true,
  },
  'token-file': {
    type: 'string',
    coerce: lastValue<string>,
    describe: "File with the access token, instead of the server's own token",
    requiresArg: true,
  },
  open: {
    type: 'boolean',
    default: false,
    describe: 'Open the dashboard in your browser (set BROWSER to choose one)',
  },
  refresh: {
    type: 'boolean',
    default: true,
    negated: 'Do not read new transcript lines, serve only what the ledger has',
  },
  hooks: {
    type: 'boolean',
    default: false,
    describe: 'Print the Claude Code settings for HTTP hooks to this port, and exit',
  },
  telemetry: {
    type: 'boolean',
    default: false,
    describe: 'Print the Claude Code settings for telemetry to this port, and exit',
  },
  budgets: {
    type: 'boolean',
    default: false,
    describe: 'With --hooks: also add the hooks that let a budget stop a session',
  },
} as const;

type ServeFlags = FlagValues<typeof flags>;

export const serveCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook serve --open', 'Start the dashboard and open it'],
    ['tallyhook serve --hooks', 'Print the settings that send events to this server'],
  ],
  handler: serve,
});

/** The server is bundled separately, with its own copy of the class UserError. */
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
    throw new UserError('--port must be a whole number from 0 to 65535');
  }
  if (args.budgets && !args.hooks) throw new UserError('--budgets needs --hooks', null);
  // Problems with the ledger are reported here, before the server starts.
  openOrExplain(currentLedgerPath()).close();
  const server = await import('../../server/start.ts');
  const options: ServeOptions = {
    env: process.env,
    version: TALLYHOOK_VERSION,
    host,
    port,
    allowedHosts: args.allowHost ?? [],
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
      throw new UserError('--telemetry needs a fixed port', 'Choose one, e.g. --port 8255.');
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
  // A program that started the server may close the pipe after reading the address: the server stays.
  for (const output of [process.stdout, process.stderr]) {
    output.removeAllListeners('error').on('error', () => undefined);
  }
  printLine(`Serving ${running.ledger}`);
  printLine(`  ${running.address}`);
  printLine(
    'Open this address in your browser (it sets a cookie). Press Ctrl-C to stop the server.',
  );
  if (isOpening) {
    void openInBrowser(running.addressOnce(), process.env).then((problem) => {
      if (problem !== null) warn(`${problem}; open the address yourself`);
    });
  }
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  await running.stop();
}

/**
 * The port to use instead of a requested port that is in use, if the user at the terminal agrees.
 * @throws UserError that says which process uses the port and which port is free, or any other reason
 */
async function portInstead(error: unknown, host: string, port: number): Promise<number> {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') {
    throw new UserError(`port ${port} needs administrator rights`, 'Use a port from 1024 on.');
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    throw new UserError(
      `--host: ${host} is not an address of this machine`,
      'Leave out --host to use 127.0.0.1.',
    );
  }
  if (code !== 'EADDRINUSE') throw error;
  const owner = (await serverAt(host, port)) ?? portOwner(port);
  const message = `port ${port} is taken${owner === null ? '' : ` by ${owner}`}`;
  const next = await freePortAfter(host, port);
  if (next === null) throw new UserError(message, 'tallyhook serve --port 0 uses any free port.');
  if (process.stdin.isTTY && process.stdout.isTTY && (await isAgreed(message, next))) return next;
  throw new UserError(message, `${next} is free: tallyhook serve --port ${next}`);
}

async function isAgreed(message: string, next: number): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${message}. Use ${next} instead? [Y/n] `);
    return !/^n/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** A description of another `tallyhook serve` at this address; null for anything else. */
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
