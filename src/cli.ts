// The command line. The only file that knows exit codes: 0 fine, 1 what a command checks failed or
// something unforeseen, 2 used wrongly.
import yargs, { type Argv } from 'yargs';
import { registerCommand } from './commands/define.ts';
import { commands } from './commands/index.ts';
import { closestMatch } from './core/lang/closest-match.ts';
import { printable } from './core/lang/printable.ts';
import { CheckFailed, UserError } from './core/lang/user-error.ts';

declare const TALLYHOOK_VERSION: string;

const FAILED = 1;
const USED_WRONGLY = 2;

/** What yargs says, in words of ours where its own tell little. */
function usageError(message: string): UserError {
  const called = calledCommand(process.argv.slice(2));
  const [, got, need] = /^Not enough non-option arguments: got (\d+).* (\d+)$/.exec(message) ?? [];
  const count = need === '1' ? 'an argument' : `${need} arguments`;
  const [, flag] = /^Not enough arguments following: (\S+)$/.exec(message) ?? [];
  const [, unknown = ''] = /^Unknown (?:argument|command)s?: (.*)$/.exec(message) ?? [];
  let text = message.replace(/\s+/g, ' ');
  if (got !== undefined)
    text = `${called.join(' ')} needs ${count}, got ${got === '0' ? 'none' : got}`;
  if (flag !== undefined) text = `${flag.length === 1 ? '-' : '--'}${flag} needs a value`;
  return new UserError(
    text,
    hintFor(called.filter((word) => word !== unknown || word === called[0])),
  );
}

/** The words that call a command: `config set`. They may be none that there is. */
function calledCommand(args: string[]): string[] {
  const named = commands.find(({ command }) => listNames(command).includes(args[0] ?? ''));
  const words = args.slice(0, named?.isGroup === true ? 2 : 1);
  return words.filter((word) => /^[a-z]/i.test(word));
}

/** A word that is nearly a command's name most likely means it. */
function hintFor(called: string[]): string {
  const listed = commands.filter(({ describe }) => typeof describe === 'string');
  const names = listed.flatMap(({ command }) => listNames(command)).filter((name) => name !== '$0');
  const [word = ''] = called;
  if (names.includes(word)) return `tallyhook ${called.join(' ')} --help shows how.`;
  const meant = closestMatch(word, names);
  return meant === null ? 'tallyhook --help lists what there is.' : `Did you mean ${meant}?`;
}

/** A word that is endless tells no more than its start. */
function readable(text: string): string {
  return text.replace(/\S{500,}/g, (word) => `${word.slice(0, 60)}...`);
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : FAILED);
});

/**
 * A command that is named is the only one that yargs is told of, as its default: it would lay out the
 * list of all of them, 20 ms, before it runs any other.
 */
function parserFor(args: string[]): Argv {
  const named = commands.find(({ command }) => listNames(command).includes(args[0] ?? ''));
  // A group has commands of its own, which can be told from a default's positionals only below a name.
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
    .wrap(Math.min(100, Number(process.env['COLUMNS']) || process.stdout.columns || 100))
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? usageError(message ?? 'used wrongly');
    });
}

/** The words that call a command; `estimate [file]` is called by its first. */
function listNames(command: string | string[]): string[] {
  return [command].flat().map((text) => text.split(' ')[0] ?? '');
}

function asDefault(command: string | string[]): string {
  const [first = ''] = [command].flat();
  return ['$0', ...first.split(' ').slice(1)].join(' ');
}

/** Turns an error of SQLite's into one line and the way out: a stack trace would not help the user. */
async function explained(thrown: unknown): Promise<unknown> {
  if (thrown instanceof UserError || thrown instanceof CheckFailed) return thrown;
  const { ledgerUserError } = await import('./commands/session/ledger-errors.ts');
  return ledgerUserError(thrown) ?? thrown;
}

/** What it says on one line, and below it where it was thrown. */
function unforeseen(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const places = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return [`${error.name}: ${error.message}`, ...places].map(printable).join('\n');
}

async function main(): Promise<void> {
  try {
    await parserFor(process.argv.slice(2)).parseAsync();
  } catch (thrown) {
    // Some wrong flags yargs tells `fail` of, others it throws.
    const isUsage = thrown instanceof Error && thrown.name === 'YError';
    const error: unknown = isUsage ? usageError(thrown.message) : await explained(thrown);
    if (error instanceof CheckFailed) process.exitCode = FAILED;
    else if (error instanceof UserError) {
      process.stderr.write(`tallyhook: ${printable(readable(error.message))}\n`);
      if (error.hint !== null) process.stderr.write(`${printable(readable(error.hint))}\n`);
      process.exitCode = USED_WRONGLY;
    } else {
      process.stderr.write(`tallyhook: ${unforeseen(error)}\n`);
      process.exitCode = FAILED;
    }
  }
}

void main();
