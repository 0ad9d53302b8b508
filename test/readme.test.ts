import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandTree } from '../src/commands/completion/tree.ts';
import { commands } from '../src/commands/index.ts';
import { type CommandSpec, placedCommands } from '../src/core/command-spec.ts';
import { BUDGET_VARIABLES, PERCENT_VARIABLES } from '../src/core/budget/environment.ts';
import { SETTINGS, SETTING_KEYS } from '../src/core/settings/table.ts';
import { closedEnvironment } from './helpers/hook.ts';
import { schemaFiles, settingsTable } from '../src/schemas/generate.ts';

const root = new URL('..', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
/** Every text in backticks. */
const code = [...readme.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);

/** @param isShort leaves out the other names of a command */
function pathsOf(tree: CommandSpec, isShort = false): string[] {
  return placedCommands(tree)
    .filter(({ path, command }) => !isShort || path.endsWith(`/${command.names[0] ?? ''}`))
    .map(({ path }) => path.slice(1).replaceAll('/', ' '));
}

describe('the README', () => {
  test('has every command and subcommand', async () => {
    const tree = await commandTree(commands);
    const missing = pathsOf(tree, true).filter((path) => {
      return path !== '' && !code.some((text) => `${text} `.startsWith(`${path} `));
    });
    expect(missing).toEqual([]);
  });

  test('has no command that there is not', async () => {
    const paths = pathsOf(await commandTree(commands));
    const section = readme.slice(readme.indexOf('\n## Commands\n'));
    const rows = [...section.slice(0, section.indexOf('\n\nFilters')).matchAll(/^\| (`.*?) \| /gm)];
    const named = rows.flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
    );
    expect(named.length).toBeGreaterThan(15);
    const unknown = named.filter((text) => {
      const words = text.split(' ');
      const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
      return !paths.includes(words.slice(0, end < 0 ? undefined : end).join(' '));
    });
    expect(unknown).toEqual([]);
  });

  test('shows what the demo prints', () => {
    const env = { ...closedEnvironment({}), COLUMNS: '100', LANG: 'C.UTF-8' };
    const script = fileURLToPath(new URL('scripts/demo.mjs', root));
    const printed = execFileSync(process.execPath, [script], { env, encoding: 'utf8' });
    const shown = printed.slice(printed.indexOf('...\n\n') + 5).trimEnd();
    expect(readme).toContain(`<!-- demo -->\n\n\`\`\`\n${shown}\n\`\`\`\n\n<!-- end of demo -->`);
  });

  test('has every setting and every variable', () => {
    const variables = SETTING_KEYS.flatMap((key) => Object.keys(SETTINGS[key].environment ?? {}));
    const others = ['CLAUDE_CONFIG_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'NO_COLOR'];
    const ofBudgets = [...Object.keys(BUDGET_VARIABLES), ...Object.values(PERCENT_VARIABLES)];
    const terminal = ['FORCE_COLOR', 'COLUMNS'];
    const wanted = [...SETTING_KEYS, ...variables, ...ofBudgets, ...others, ...terminal];
    const isThere = (name: string): boolean =>
      code.some((text) => text === name || text.startsWith(`${name}=`));
    expect(wanted.filter((name) => !isThere(name))).toEqual([]);
  });

  test('has the table of settings as it is made (npm run schemas)', () => {
    expect(readme).toContain(`<!-- settings -->\n\n${settingsTable()}\n\n<!-- end of settings -->`);
  });
});

test('schemas/ is what its sources give (npm run schemas)', () => {
  for (const [name, text] of Object.entries(schemaFiles())) {
    expect(readFileSync(new URL(`schemas/${name}`, root), 'utf8')).toBe(text);
  }
});

test('help fits a terminal of 100 columns, and each command a line of it', async () => {
  const { commands } = await import('../src/commands/index.ts');
  const long = commands.filter(({ command, describe: text }) => {
    return typeof text === 'string' && `tallyhook ${[command].flat()[0]}${text}`.length > 90;
  });
  expect(long.map(({ command }) => command)).toEqual([]);
});
