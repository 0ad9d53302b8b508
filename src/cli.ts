// The command line. The only file that knows exit codes: 0 fine, 1 what a command checks failed or
// something unforeseen, 2 used wrongly.
import yargs, { type Argv } from 'yargs';
import { commands, register } from './commands/index.ts';
import { nearest } from './core/nearest.ts';
import { CheckFailed, UserError } from './core/user-error.ts';

declare const TALLYHOOK_VERSION: string;

const FAILED = 1;
const USED_WRONGLY = 2;

function usageError(message: string): UserError {
  return new UserError(message.replace(/\s+/g, ' '), hintFor(process.argv[2]));
}

/** A word that is nearly a command's name most likely means it. */
function hintFor(word: string | undefined): string {
  const listed = commands.filter(({ describe }) => typeof describe === 'string');
  const names = listed.flatMap(({ command }) => namesOf(command)).filter((name) => name !== '$0');
  if (word !== undefined && names.includes(word)) return `tallyhook ${word} --help shows how.`;
  const meant = word === undefined ? null : nearest(word, names);
  return meant === null ? 'tallyhook --help lists what there is.' : `Did you mean ${meant}?`;
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
  const named = commands.find(({ command }) => namesOf(command).includes(args[0] ?? ''));
  // A group has commands of its own, which can be told from a default's positionals only below a name.
  if (named === undefined || named.isGroup) {
    const parser = configured(args, 'tallyhook', '$0 [command]');
    for (const command of named === undefined ? commands : [named]) register(parser, command);
    return parser;
  }
  const parser = configured(args.slice(1), `tallyhook ${args[0]}`, `$0\n\n${named.describe || ''}`);
  register(parser, { ...named, command: asDefault(named.command) });
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
function namesOf(command: string | string[]): string[] {
  return [command].flat().map((text) => text.split(' ')[0] ?? '');
}

function asDefault(command: string | string[]): string {
  const [first = ''] = [command].flat();
  return ['$0', ...first.split(' ').slice(1)].join(' ');
}

async function main(): Promise<void> {
  try {
    await parserFor(process.argv.slice(2)).parseAsync();
  } catch (thrown) {
    // Some wrong flags yargs tells `fail` of, others it throws.
    const isUsage = thrown instanceof Error && thrown.name === 'YError';
    const error: unknown = isUsage ? usageError(thrown.message) : thrown;
    if (error instanceof CheckFailed) process.exitCode = FAILED;
    else if (error instanceof UserError) {
      process.stderr.write(`tallyhook: ${error.message}\n`);
      if (error.hint !== null) process.stderr.write(`${error.hint}\n`);
      process.exitCode = USED_WRONGLY;
    } else {
      process.stderr.write(
        `tallyhook: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      process.exitCode = FAILED;
    }
  }
}

void main();
