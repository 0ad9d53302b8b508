import { expect, test } from 'vitest';
import { commandTree } from '../src/commands/completion/tree.ts';
import type { Command, LazyCommand } from '../src/commands/define.ts';
import { commandGroups } from '../src/commands/index.ts';
import { rootHelp } from '../src/commands/root-help.ts';
import { commandsPage } from './helpers/commands-page.ts';

test('docs/commands.md has every command and flag as it is', async () => {
  const groups = await Promise.all(
    commandGroups.map(async ({ title, commands }) => ({
      title,
      children: (await commandTree(commands)).children,
    })),
  );
  await expect(commandsPage(groups)).toMatchFileSnapshot('../docs/commands.md');
});

test('every command has an example, and a flag that is on by default describes its negation', async () => {
  const load = async (listed: readonly LazyCommand[]): Promise<Command[]> => {
    const loaded = await Promise.all(listed.map(async (one) => one.load()));
    const below = await Promise.all(loaded.map(async ({ commands }) => load(commands)));
    return [...loaded, ...below.flat()];
  };
  const listed = commandGroups.flatMap(({ commands }) => commands);
  const all = await load(listed.filter(({ describe }) => describe !== false));
  expect(all.filter((one) => one.commands.length === 0 && one.examples.length === 0)).toEqual([]);
  const wrong = all.flatMap(({ flags }) =>
    Object.entries(flags).filter(
      ([, { default: value, describe, negated }]) =>
        (value === true) !== (negated !== undefined && describe === undefined),
    ),
  );
  expect(wrong).toEqual([]);
});

test('--help lists the commands by task, without those for scripts', () => {
  const help = rootHelp(100);
  for (const title of ['Reports', 'Live', 'Budgets and alerts', 'Prices', 'Setup and checks']) {
    expect(help).toContain(`\n${title}\n`);
  }
  expect(help).not.toMatch(/^ {2}(?:schema|completion|hook-path|blocks)/m);
});
