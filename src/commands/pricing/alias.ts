import { UserError } from '../../core/lang/user-error.ts';
import { shown } from '../../core/settings/resolve.ts';
import { lookupPrice } from '../../pricing/cost.ts';
import { printable } from '../../core/lang/printable.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { pricingAliases } from '../../schemas/prices.ts';
import { settingsPath } from '../../sources/machine/paths.ts';
import { setSetting, unsetSetting } from '../../sources/settings/edit.ts';
import { defineCommand, defineGroup, lazyCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { printDocument } from '../session/document.ts';
import { printLine } from '../session/io.ts';
import { currentPrices, currentSettings } from '../session/settings.ts';

/** What a changed alias does to requests that are recorded already. */
const NEXT = 'Requests from now on follow. For recorded ones, run tallyhook reprice.';

export const aliasCommand = defineGroup([
  lazyCommand(['set <name> <model>', '$0'], 'Price a name as a model', () => setCommand),
  lazyCommand('list', 'List the aliases', () => listCommand),
  lazyCommand('remove <name>', 'Remove an alias', () => removeCommand),
]);

const name = {
  type: 'string',
  demandOption: true,
  describe: 'A name as it is sent: of a gateway, or an ARN',
} as const;

const setCommand = defineCommand({
  positionals: {
    name,
    model: { type: 'string', demandOption: true, describe: 'A model with a known price' },
  },
  examples: [['tallyhook pricing alias my-gateway claude-opus-5', 'Price my-gateway as Opus 5']],
  handler: (args) => {
    const { row, basis, model } = lookupPrice(currentPrices(), args.model, Date.now());
    if (row === null || basis === 'fallback') {
      throw new UserError(
        `${shown(args.model)} has no known price`,
        'tallyhook pricing list TEXT lists models by a part of their name.',
      );
    }
    if (model === args.name.trim().toLowerCase()) {
      throw new UserError(`${shown(args.name)} is that model already`);
    }
    const others = withoutName(args.name);
    write({ ...others, [args.name.trim()]: args.model.trim() });
    printLine(`${printable(args.name.trim())} is priced as ${model}. ${NEXT}`);
  },
});

const listCommand = defineCommand({
  flags: { json },
  examples: [['tallyhook pricing alias list', 'The names, and the models they stand for']],
  handler: (args) => {
    const aliases = Object.entries(currentSettings().pricing.aliases).map(([alias, model]) => ({
      name: alias,
      model,
    }));
    if (args.json) printDocument<DocumentOf<typeof pricingAliases>>({ aliases });
    else if (aliases.length === 0) printLine('No aliases are set.');
    for (const alias of args.json ? [] : aliases) {
      printLine(printable(`${alias.name} → ${alias.model}`));
    }
  },
});

const removeCommand = defineCommand({
  positionals: { name },
  examples: [['tallyhook pricing alias remove my-gateway', 'Price the name as unknown again']],
  handler: (args) => {
    const others = withoutName(args.name);
    if (Object.keys(others).length === Object.keys(currentSettings().pricing.aliases).length) {
      throw new UserError(
        `${shown(args.name)} is not an alias`,
        'tallyhook pricing alias list lists them.',
      );
    }
    write(others);
    printLine(`${printable(args.name.trim())} is not an alias any more. ${NEXT}`);
  },
});

/** The aliases of all other names; names are compared without case. */
function withoutName(removed: string): Record<string, string> {
  const folded = removed.trim().toLowerCase();
  const all = Object.entries(currentSettings().pricing.aliases);
  return Object.fromEntries(all.filter(([one]) => one.trim().toLowerCase() !== folded));
}

function write(aliases: Record<string, string>): void {
  const path = settingsPath(process.env);
  if (Object.keys(aliases).length > 0) setSetting(path, 'pricing.aliases', aliases);
  else unsetSetting(path, 'pricing.aliases');
}
