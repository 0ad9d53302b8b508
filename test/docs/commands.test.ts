import { describe, expect, test } from 'vitest';
import { commandTree } from '../../src/commands/completion/tree.ts';
import { commands } from '../../src/commands/index.ts';
import { type CommandSpec, placedCommands, typedForms } from '../../src/core/command-spec.ts';
import { codeSpans, readDocument, readDocuments, shellLines } from '../helpers/documents.ts';

const tree = await commandTree(commands);
const documents = readDocuments().filter(({ path }) => !path.startsWith('docs/adr/'));

interface Typed {
  path: string;
  command: CommandSpec;
  /** What follows the command's name. */
  rest: string[];
}

/** The command that a line calls; null where its first word is none. */
function findCommand(words: string[]): Typed | null {
  const all = placedCommands(tree);
  let found: Typed = { path: '/', command: tree, rest: words };
  for (const [index] of words.entries()) {
    const path = `/${words.slice(0, index + 1).join('/')}`;
    const placed = all.find((one) => one.path === path);
    if (placed === undefined) break;
    found = { ...placed, rest: words.slice(index + 1) };
  }
  const [first] = found.rest;
  const isArgument = first === undefined || !/^[a-z][a-z-]*$/.test(first);
  const takesOne = found.command.positionals.length > 0;
  return found.path === '/' && !isArgument && !takesOne ? null : found;
}

/** Flags of a line that its command has not. */
function unknownFlags({ command, rest }: Typed): string[] {
  // Without a name it is `summary`.
  const summary = tree.children.find(({ names }) => names.includes('summary'));
  const flags = [...command.flags, ...(command === tree ? (summary?.flags ?? []) : [])];
  const known = new Set([...flags.flatMap(typedForms), '--help', '-h', '--version']);
  const given = rest.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]);
  const isKnown = (flag = ''): boolean =>
    known.has(flag) ||
    known.has(flag.replace(/^--no-/, '--')) ||
    known.has(`--no-${flag.slice(2)}`);
  return given.filter((flag): flag is string => !isKnown(flag));
}

/** Commands that are typed in the documentation, as `page: command`. */
function typedCommands(): { page: string; text: string }[] {
  return documents.flatMap((document) => {
    const lines = document.path === 'docs/commands.md' ? [] : shellLines(document);
    const spans = document.path === 'docs/commands.md' ? [] : codeSpans(document);
    return [...lines, ...spans]
      .map((text) => /^(?:npx )?tallyhook(?: (.*))?$/.exec(text))
      .filter((match) => match !== null)
      .map(([, rest = '']) => ({ page: document.path, text: rest }));
  });
}

describe('the documentation', () => {
  test('has every command and subcommand in docs/commands.md', () => {
    const { text } = readDocument('docs/commands.md');
    const names = placedCommands(tree)
      .filter(({ path, command }) => path.endsWith(`/${command.names[0] ?? ''}`))
      .map(({ path }) => path.slice(1).replaceAll('/', ' '))
      .filter((path) => path !== '');
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  test('calls no command and no flag that does not exist', () => {
    const typed = typedCommands();
    expect(typed.length).toBeGreaterThan(50);
    const wrong = typed.flatMap(({ page, text }) => {
      const words = text.replace(/'[^']*'|"[^"]*"/g, 'TEXT').split(/[\s|]+/);
      const found = findCommand(words.filter((word) => word !== ''));
      if (found === null) return [`${page}: tallyhook ${text}`];
      return unknownFlags(found).map((flag) => `${page}: tallyhook ${text} (${flag})`);
    });
    expect(wrong).toEqual([]);
  });

  test('runs only scripts of package.json', () => {
    const { scripts } = JSON.parse(readDocument('package.json').text) as {
      scripts: Record<string, string>;
    };
    const wrong = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run (?:-s )?([a-z][a-z:]*)/g)]
        .filter(([, name = '']) => !(name in scripts))
        .map(([call]) => `${path}: ${call}`),
    );
    expect(wrong).toEqual([]);
  });
});

test('help fits a terminal of 100 columns, and each command a line of it', () => {
  const long = commands.filter(({ command, describe: text }) => {
    return typeof text === 'string' && `tallyhook ${[command].flat()[0]}${text}`.length > 90;
  });
  expect(long.map(({ command }) => command)).toEqual([]);
});
