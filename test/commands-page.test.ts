import { expect, test } from 'vitest';
import { commandTree } from '../src/commands/command-tree.ts';
import { commandsPage } from './helpers/commands-page.ts';

test('docs/commands.md has every command and flag as it is', async () => {
  await expect(commandsPage(await commandTree())).toMatchFileSnapshot('../docs/commands.md');
});
