import { closestMatch } from '../core/lang/closest-match.ts';
import { UserError } from '../core/lang/user-error.ts';
import { type CalledCommand, commandNames, findCalledCommand } from './called-command.ts';
import { alternatives, choiceFault } from './flags/choice.ts';

/** yargs' message about a wrong command line as a sentence that says what to type instead. */
export async function usageError(message: string, args: readonly string[]): Promise<UserError> {
  const called = await findCalledCommand(args);
  const text =
    explainChoice(message, called) ??
    explainMissing(message, called) ??
    explainUnknown(message, called, args) ??
    message.replace(/\s+/g, ' ');
  return text instanceof UserError
    ? text
    : new UserError(text, helpHint(called, text.startsWith('-')));
}

function helpHint({ path, listed }: CalledCommand, isAboutFlag: boolean): string {
  if (path === 'tallyhook' && isAboutFlag) return 'tallyhook summary --help shows the flags.';
  const shows = listed === null ? 'lists the commands' : 'shows its flags and examples';
  return `${path} --help ${shows}.`;
}

/** `Invalid values: Argument: order, Given: "up", Choices: "asc", "desc"`. */
function explainChoice(message: string, { loaded }: CalledCommand): string | null {
  const [, name = '', given = '', listed = ''] =
    /^ *Argument: (\S+), Given: (.*), Choices: (.*)$/m.exec(message) ?? [];
  if (name === '') return null;
  const choices = quotedTexts(listed);
  const wrong = quotedTexts(given).find((text) => !choices.includes(text)) ?? given;
  const typed = name in loaded.positionals ? name.toUpperCase() : `--${name}`;
  return wrong === ''
    ? `${typed} needs a value: ${alternatives(choices)}`
    : choiceFault(typed, wrong, choices);
}

function quotedTexts(list: string): string[] {
  return [...list.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
}

/** An argument, a flag or the value of a flag that is missing. */
function explainMissing(message: string, called: CalledCommand): string | null {
  const [, flag] = /^Not enough arguments following: (\S+)$/.exec(message) ?? [];
  if (flag !== undefined) return `${flag.length === 1 ? '-' : '--'}${flag} needs a value`;
  const command = called.path.replace(/^tallyhook /, '');
  const [, got] = /^Not enough non-option arguments: got (\d+)/.exec(message) ?? [];
  if (got !== undefined) {
    const missing = requiredPositionals(called).slice(Number(got)).map(withArticle);
    return `${command} needs ${missing.join(' and ')}: ${usageLine(called)}`;
  }
  const [, flags] = /^Missing required arguments?: (.*)$/.exec(message) ?? [];
  if (flags === undefined) return null;
  const missing = flags.split(', ').map((name) => `--${name}`);
  return `${command} needs ${missing.join(' and ')}: ${usageLine(called)}`;
}

function requiredPositionals({ listed }: CalledCommand): string[] {
  const [usage = ''] = [listed?.command ?? ''].flat();
  return [...usage.matchAll(/<([\w-]+)>/g)].map(([, name = '']) => name);
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** The first example, with names for its arguments: `tallyhook budget set NAME --limit 20 --per day`. */
function usageLine(called: CalledCommand): string {
  const { path, loaded } = called;
  const names = requiredPositionals(called).map((name) => name.toUpperCase());
  const [line = path] = loaded.examples[0] ?? [];
  const rest = line.startsWith(`${path} `) ? line.slice(path.length) : '';
  const others = rest.split(' ').slice(1 + names.length);
  return [path, ...names, ...others].join(' ');
}

/** A flag, command or argument that does not exist. */
function explainUnknown(
  message: string,
  called: CalledCommand,
  args: readonly string[],
): UserError | string | null {
  const [, list] = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message) ?? [];
  if (list === undefined) return null;
  const { path, siblings } = called;
  // yargs names a flag with a dash a second time in camel case.
  const unknown = list.split(', ');
  const typed = args.find((arg) =>
    unknown.some((name) => arg === name || flagForms(name).includes(arg.split('=')[0] ?? '')),
  );
  const word = typed ?? unknown[0] ?? '';
  if (word.startsWith('-')) return `${word.split('=')[0]} is not a flag of ${path}`;
  if (siblings.length === 0)
    return `${path.replace(/^tallyhook /, '')} does not take the argument '${word}'`;
  const fault = `'${word}' is not a ${path} command`;
  const names = siblings
    .filter(({ describe }) => describe !== false)
    .flatMap(commandNames)
    .filter((name) => name !== '$0');
  const meant = closestMatch(word, names);
  return meant === null ? fault : new UserError(fault, `Did you mean ${meant}?`);
}

function flagForms(name: string): string[] {
  return [`--${name}`, `-${name}`, `--no-${name}`];
}
