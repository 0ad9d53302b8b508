// The command line. The only file that knows exit codes: 0 success, 1 a failed check or an unexpected
// error, 2 a wrong command line.
import yargs, { type Argv } from 'yargs';
import { findCommand } from './commands/called-command.ts';
import { registerCommand } from './commands/define.ts';
import { commands } from './commands/index.ts';
import { rootHelp } from './commands/root-help.ts';
import { usageError } from './commands/usage-error.ts';
import { printable } from './core/lang/printable.ts';
import { CheckFailed, UserError } from './core/lang/user-error.ts';

declare const TALLYHOOK_VERSION: string;

const FAILED = 1;
const USED_WRONGLY = 2;

/** Shortens very long words: their start is enough to recognize them. */
function readable(text: string): string {
  return text.replace(/\S{500,}/g, (word) => `${word.slice(0, 60)}...`);
}

// A reader that closes the pipe early (`| head`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : FAILED);
});

/** An error that yargs reports to `fail`. */
class UsageFault extends Error {}

/** A named command is the only one registered, as the default: registering all of them takes 20 ms. */
function parserFor(args: string[]): Argv {
  const named = findCommand(commands, args[0]);
  // yargs can tell the subcommands of a group from positionals only below the name of the group.
  if (named === undefined || named.isGroup) {
    const parser = configured(args, 'tallyhook', '$0 [command]');
    for (const command of named === undefined ? commands : [named])
      registerCommand(parser, command);
    return parser;
  }
  const parser = configured(args.slice(1), `tallyhook ${args[0]}`, `$0\n\n${named.describe || ''}`);
  registerCommand(parser, { ...named, command: asDefault(named.command) });
  return parser;
}

function configured(args: string[], name: string, usage: string): Argv {
  return yargs(args)
    .scriptName(name)
    .usage(usage)
    .strict()
    .help()
    .alias('help', 'h')
    .version(TALLYHOOK_VERSION)
    .wrap(helpColumns())
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageFault(message ?? 'the command line is not valid');
    });
}

function helpColumns(): number {
  return Math.min(100, Number(process.env['COLUMNS']) || process.stdout.columns || 100);
}

/** Whether the help of no single command was requested. */
function isRootHelp(args: string[]): boolean {
  if (args.some((word) => findCommand(commands, word) !== undefined)) return false;
  return args[0] === 'help' || args.includes('--help') || args.includes('-h');
}

function asDefault(command: string | string[]): string {
  const [first = ''] = [command].flat();
  return ['$0', ...first.split(' ').slice(1)].join(' ');
}

/** An SQLite error as one line with its remedy: a stack trace would not help the user. */
async function explained(thrown: unknown): Promise<unknown> {
  if (thrown instanceof UserError || thrown instanceof CheckFailed) return thrown;
  const { ledgerUserError } = await import('./commands/session/ledger-errors.ts');
  return ledgerUserError(thrown) ?? thrown;
}

/** The message of an unexpected error on one line, with its stack below. */
function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const places = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return [`${error.name}: ${error.message}`, ...places].map(printable).join('\n');
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  try {
    if (isRootHelp(args)) process.stdout.write(rootHelp(helpColumns()));
    else await parserFor(args).parseAsync();
  } catch (thrown) {
    // yargs reports some wrong flags to `fail` and throws others.
    const isUsage =
      thrown instanceof UsageFault || (thrown instanceof Error && thrown.name === 'YError');
    const error: unknown = isUsage
      ? await usageError(thrown.message, args)
      : await explained(thrown);
    if (error instanceof CheckFailed) process.exitCode = FAILED;
    else if (error instanceof UserError) {
      process.stderr.write(`tallyhook: ${printable(readable(error.message))}\n`);
      if (error.hint !== null) process.stderr.write(`${printable(readable(error.hint))}\n`);
      process.exitCode = USED_WRONGLY;
    } else {
      process.stderr.write(`tallyhook: ${unexpected(error)}\n`);
      process.exitCode = FAILED;
    }
  }
}

void main();
