import type { Argv, CommandModule } from 'yargs';
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
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type {
  pricingDiff,
  pricingList,
  pricingShow,
  pricingUnknown,
} from '../../schemas/prices.ts';
import {
  type LedgerFlags,
  currentPrices,
  ledgerFlags,
  openReader,
  print,
  stdoutStyle,
  warn,
} from '../session/ledger.ts';
import type { UpdateFlags } from './update.ts';
import { printDocument } from '../session/document.ts';

interface AtFlags {
  at?: string | undefined;
  json: boolean;
}

const json = { type: 'boolean', alias: 'j', default: false, describe: 'JSON on stdout' } as const;
const at = {
  type: 'string',
  describe: 'At this time (2026-10-07, or with a time of day; UTC) instead of now',
  requiresArg: true,
} as const;

export const pricingCommand: CommandModule<object, never> = {
  builder: (yargs) =>
    yargs
      .command(
        'show <model>',
        'Which price a model has, why, and from which source',
        (args: Argv<object>) =>
          args
            .positional('model', { type: 'string', demandOption: true, describe: 'Any name of it' })
            .options({ at, json }),
        show,
      )
      .command(
        'list [text]',
        'The prices in force, of all models or of those with a text in their name',
        (args: Argv<object>) =>
          args.positional('text', { type: 'string' }).options({
            provider: { type: 'string', describe: 'One provider', requiresArg: true },
            at,
            json,
          }),
        list,
      )
      .command(
        'unknown',
        'Models that were priced by a fallback, or not at all',
        (args: Argv<object>) => args.options({ json, ...ledgerFlags }),
        unknown,
      )
      .command(
        'update',
        "Fetch current prices through npm's registry",
        (args: Argv<object>) =>
          args.options({
            from: {
              type: 'string',
              describe: 'A package or a JSON file instead: its path or its address',
              requiresArg: true,
            },
            force: {
              type: 'boolean',
              default: false,
              describe: 'Also where a known price moves more than tenfold',
            },
            'dry-run': { type: 'boolean', default: false, describe: 'Write nothing' },
            json,
          }),
        async (flags) => {
          const { updatePricing } = await import('./update.ts');
          await updatePricing(flags as unknown as UpdateFlags);
        },
      )
      .command(
        'diff',
        'What the updated prices change in the built-in ones',
        (args: Argv<object>) => args.options({ json }),
        diff,
      )
      .demandCommand(1, 'pricing needs one of: show, list, unknown, update, diff') as never,
  handler: () => {},
};

function show(flags: AtFlags & { model: string }): void {
  const shown = showPrice(currentPrices(), flags.model, momentOf(flags.at));
  if (flags.json) printDocument<DocumentOf<typeof pricingShow>>(shown);
  else print(renderShownPrice(shown, stdoutStyle()));
}

function list(flags: AtFlags & { provider?: string | undefined; text?: string | undefined }): void {
  const filter = {
    provider: flags.provider?.toLowerCase() ?? null,
    text: flags.text?.toLowerCase() ?? null,
  };
  const prices = listPrices(currentPrices(), momentOf(flags.at), filter);
  if (flags.json) printDocument<DocumentOf<typeof pricingList>>({ prices });
  else print(renderPriceList(prices, stdoutStyle()));
}

async function unknown(flags: LedgerFlags & { json: boolean }): Promise<void> {
  const { reader } = openReader(flags);
  const models = await reader.unknownPrices();
  if (!flags.json) {
    print(renderUnknownPrices(models, stdoutStyle()));
    return;
  }
  const shown = models.map(({ lastAtMs, ...model }) => ({
    ...model,
    costNanoUsd: model.priceBasis === 'none' ? null : model.costNanoUsd,
    costUsd: model.priceBasis === 'none' ? null : model.costNanoUsd / 1e9,
    lastAt: new Date(lastAtMs).toISOString(),
  }));
  printDocument<DocumentOf<typeof pricingUnknown>>({ models: shown });
}

function diff(flags: { json: boolean }): void {
  const warnings: string[] = [];
  const { prices } = updatedPrices(process.env, warnings);
  for (const warning of warnings) warn(warning);
  const differences = diffPrices(builtinPrices(), prices);
  if (flags.json) printDocument<DocumentOf<typeof pricingDiff>>({ differences });
  else print(renderPriceDiff(differences, stdoutStyle()));
}

/** @throws UserError for what is no time */
function momentOf(text: string | undefined): number {
  if (text === undefined) return Date.now();
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const ms = Date.parse(day === null ? text : day.slice(1).join('-'));
  if (Number.isNaN(ms)) throw new UserError(`--at: ${text} is no time`, 'Write it as 2026-10-07.');
  return ms;
}
