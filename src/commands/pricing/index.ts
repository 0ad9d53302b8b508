import { existsSync } from 'node:fs';
import { UserError } from '../../core/lang/user-error.ts';
import { updatedPrices } from '../../ingest/effective-prices.ts';
import { builtinPrices } from '../../pricing/builtin/table.ts';
import {
  renderPriceDiff,
  renderPriceList,
  renderShownPrice,
  renderUnknownPrices,
} from '../../render/prices.ts';
import { diffPrices, listPrices, showPrice } from '../../reports/prices.ts';
import { defineCommand, defineGroup, lazyCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type {
  pricingDiff,
  pricingList,
  pricingShow,
  pricingUnknown,
} from '../../schemas/prices.ts';
import { updatedPricesPath } from '../../sources/files/price-files.ts';
import { print, stdoutStyle, warn } from '../session/io.ts';
import { ledgerFlags, openReader } from '../session/ledger.ts';
import { currentPrices } from '../session/settings.ts';
import { printDocument } from '../session/document.ts';

const at = {
  type: 'string',
  describe: 'At this time (2026-10-07, optionally with a time of day; UTC) instead of now',
  requiresArg: true,
} as const;

export const pricingCommand = defineGroup(
  [
    lazyCommand(
      'show <model>',
      'Show the price of a model, why it applies, and its source',
      () => showCommand,
    ),
    lazyCommand(
      'list [text]',
      'List current prices, of all models or of those with a text in their name',
      () => listCommand,
    ),
    lazyCommand(
      'unknown',
      'List models that were priced by a fallback, or not at all',
      () => unknownCommand,
    ),
    lazyCommand(
      'update',
      'Fetch current prices from the npm registry',
      async () => (await import('./update.ts')).priceUpdateCommand,
    ),
    lazyCommand(
      'alias',
      'Price a name of your own as a model',
      async () => (await import('./alias.ts')).aliasCommand,
      true,
    ),
    lazyCommand('diff', 'Compare the updated prices with the built-in ones', () => diffCommand),
  ],
  (parser) =>
    parser.demandCommand(1, 'pricing needs one of: show, list, unknown, update, alias, diff'),
);

const showCommand = defineCommand({
  positionals: {
    model: { type: 'string', demandOption: true, describe: 'Any name of the model' },
  },
  flags: { at, json },
  examples: [
    ['tallyhook pricing show opus', 'The current price of the newest opus'],
    ['tallyhook pricing show claude-opus-4-5 --at 2026-01-31', 'A price in the past'],
  ],
  handler: (args) => {
    const shown = showPrice(currentPrices(), args.model, parsePriceDate(args.at));
    if (args.json) printDocument<DocumentOf<typeof pricingShow>>(shown);
    else print(renderShownPrice(shown, stdoutStyle()));
  },
});

const listCommand = defineCommand({
  positionals: { text: { type: 'string', describe: 'A part of the name' } },
  flags: {
    provider: { type: 'string', describe: 'One provider', requiresArg: true },
    at,
    json,
  },
  examples: [
    ['tallyhook pricing list sonnet', 'All models with sonnet in their name'],
    ['tallyhook pricing list --provider openai', 'All models of a provider'],
  ],
  handler: (args) => {
    const filter = {
      provider: args.provider?.toLowerCase() ?? null,
      text: args.text?.toLowerCase() ?? null,
    };
    const prices = listPrices(currentPrices(), parsePriceDate(args.at), filter);
    if (args.json) printDocument<DocumentOf<typeof pricingList>>({ prices });
    else print(renderPriceList(prices, stdoutStyle()));
  },
});

const unknownCommand = defineCommand({
  flags: { json, ...ledgerFlags },
  examples: [['tallyhook pricing unknown', 'Which models need a price']],
  handler: async (args) => {
    const { reader } = openReader(args);
    const models = await reader.unknownPrices();
    if (!args.json) {
      print(renderUnknownPrices(models, stdoutStyle()));
      return;
    }
    const shown = models.map(({ lastAtMs, ...model }) => ({
      ...model,
      costNanoUsd: model.priceBasis === 'fallback' ? model.costNanoUsd : null,
      costUsd: model.priceBasis === 'fallback' ? model.costNanoUsd / 1e9 : null,
      lastAt: new Date(lastAtMs).toISOString(),
    }));
    printDocument<DocumentOf<typeof pricingUnknown>>({ models: shown });
  },
});

const diffCommand = defineCommand({
  flags: { json },
  examples: [['tallyhook pricing diff', 'What pricing update changed']],
  handler: (args) => {
    const warnings: string[] = [];
    const { prices } = updatedPrices(process.env, warnings);
    for (const warning of warnings) warn(warning);
    const differences = diffPrices(builtinPrices(), prices);
    if (args.json) printDocument<DocumentOf<typeof pricingDiff>>({ differences });
    else {
      const isFetched = existsSync(updatedPricesPath(process.env));
      print(renderPriceDiff(differences, isFetched, stdoutStyle()));
    }
  },
});

/** @throws UserError for an invalid time */
function parsePriceDate(text: string | undefined): number {
  if (text === undefined) return Date.now();
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const ms = Date.parse(day === null ? text : day.slice(1).join('-'));
  if (Number.isNaN(ms)) {
    throw new UserError(`--at: '${text}' is not a date`, 'Use YYYY-MM-DD, e.g. 2026-10-07.');
  }
  return ms;
}
