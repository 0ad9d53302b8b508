import { expect, test } from 'vitest';
import { commandTree } from '../src/commands/completion/tree.ts';
import { commands } from '../src/commands/index.ts';
import { commandsPage } from './helpers/commands-page.ts';

test('docs/commands.md has every command and flag as it is', async () => {
  await expect(commandsPage(await commandTree(commands))).toMatchFileSnapshot(
    '../docs/commands.md',
  );
});
