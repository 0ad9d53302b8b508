import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { UserError } from '../core/user-error.ts';
import { expandPath, packageFolder } from '../sources/paths.ts';
import { currentLedgerPath, openOrExplain, print, warn } from './context.ts';
import { lastNumber } from './last-of.ts';

declare const TALLYHOOK_VERSION: string;

interface ServeFlags {
  port: number;
  host: string;
  tokenFile?: string | undefined;
  refresh: boolean;
  printOtel: boolean;
}

const DEFAULT_PORT = 8255;

export const serveCommand: CommandModule<object, ServeFlags> = {
  builder: (yargs) =>
    yargs.options({
      port: {
        type: 'number',
        coerce: lastNumber,
        default: DEFAULT_PORT,
        describe: 'Port to listen on; 0: any that is free',
        requiresArg: true,
      },
      host: {
        type: 'string',
        default: '127.0.0.1',
        describe: 'Address to listen on; beyond this machine only with --token-file',
        requiresArg: true,
      },
      'token-file': {
        type: 'string',
        describe: 'File with the token to ask for, instead of one of its own',
        requiresArg: true,
      },
      refresh: {
        type: 'boolean',
        default: true,
        describe: 'Read what is new in the transcripts (--no-refresh: only the ledger)',
      },
      'print-otel': {
        type: 'boolean',
        default: false,
        describe: "Print the client's settings that send its telemetry here, and end",
      },
    }) as never,
  handler: serve,
};

async function serve(flags: ServeFlags): Promise<void> {
  const { port, host, tokenFile, refresh } = flags;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError('--port: that is no port', 'Write a whole number up to 65535.');
  }
  if (flags.printOtel) return printTelemetrySettings(flags);
  // What is wrong with the ledger is said here, where somebody reads it.
  openOrExplain(currentLedgerPath()).close();
  const { startServer } = await import('../server/start.ts');
  const running = await startServer({
    env: process.env,
    version: TALLYHOOK_VERSION,
    host,
    port,
    tokenFile: tokenFile ?? null,
    isRefreshing: refresh,
    webFolder: join(packageFolder(), 'dist/web'),
    warn,
  });
  print(`tallyhook serves ${running.ledger}`);
  print(`  ${running.address}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  await running.stop();
}

async function printTelemetrySettings({ port, host, tokenFile }: ServeFlags): Promise<void> {
  if (port === 0) {
    throw new UserError(
      '--print-otel: any port that is free is another one each time',
      'Name one: --port 8255.',
    );
  }
  const { ownTokens, tokenPath, tokensFrom } = await import('../server/token.ts');
  const { telemetryBlock } = await import('./telemetry-settings.ts');
  const tokens =
    tokenFile === undefined
      ? ownTokens(tokenPath(currentLedgerPath()))
      : tokensFrom(expandPath(tokenFile, process.env));
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  print(telemetryBlock(process.env, address, tokens.ingestToken));
}
