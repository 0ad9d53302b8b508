#!/usr/bin/env node
// The command line. The only file that knows exit codes: 0 fine, 1 what a command checks failed or
// something unforeseen, 2 used wrongly.
import yargs from 'yargs';
import { commands, register } from './commands/index.ts';
import { nearest } from './core/nearest.ts';
import { CheckFailed, UserError } from './core/user-error.ts';

const FAILED = 1;
const USED_WRONGLY = 2;

function usageError(message: string): UserError {
  return new UserError(message.replace(/\s+/g, ' '), hintFor(process.argv[2]));
}

/** A word that is nearly a command's name most likely means it. */
function hintFor(word: string | undefined): string {
  const names = commands.flatMap(({ command }) => command).filter((name) => name !== '$0');
  const meant = word === undefined ? null : nearest(word, names);
  return meant === null || meant === word
    ? 'tallyhook --help lists what there is.'
    : `Did you mean ${meant}?`;
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : FAILED);
});

try {
  const parser = yargs(process.argv.slice(2))
    .scriptName('tallyhook')
    .usage('$0 [command]')
    .strict()
    .help()
    .alias('help', 'h')
    .version()
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? usageError(message ?? 'used wrongly');
    });
  for (const command of commands) register(parser, command);
  await parser.parseAsync();
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
