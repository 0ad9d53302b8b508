import { createInterface } from 'node:readline/promises';
import { renderReprice } from '../../render/prices.ts';
import type { RepricedModel } from '../../reports/prices.ts';
import { toSum } from '../../reports/report.ts';
import { Repricer } from '../../store/records/repricer.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { print, printLine, stdoutStyle } from '../session/io.ts';
import { ledgerFlags, openOrExplain, refresh } from '../session/ledger.ts';
import { currentLedgerPath, currentPrices } from '../session/settings.ts';
import { printDocument } from '../session/document.ts';
import { plural } from '../../render/text/number-format.ts';
import { UserError } from '../../core/lang/user-error.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { reprice } from '../../schemas/prices.ts';

const flags = {
  'dry-run': { type: 'boolean', default: false, describe: 'Show what would change, write nothing' },
  all: {
    type: 'boolean',
    default: false,
    describe: 'Recalculate every request at current prices, not only those priced by a fallback',
  },
  yes: { type: 'boolean', alias: 'y', default: false, describe: 'Write without asking' },
  json,
  ...ledgerFlags,
} as const;

type RepriceFlags = FlagValues<typeof flags>;

export const repriceCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook reprice --dry-run', 'Show what would change'],
    ['tallyhook reprice --yes', 'Recalculate without asking'],
  ],
  handler: runReprice,
});

async function runReprice(args: RepriceFlags): Promise<void> {
  const path = currentLedgerPath();
  const db = openOrExplain(path);
  if (db.readonly && !args.dryRun)
    throw new UserError(`${path} cannot be written`, 'Check its permissions.');
  if (args.refresh && !db.readonly) refresh(db, path, args);
  const repricer = new Repricer(db, currentPrices(), { isAll: args.all });
  const models = repricer.plan();
  // Printed before anything is written, so that a broken pipe or Ctrl-C can still prevent it.
  if (!args.json) print(renderReprice(models, stdoutStyle()));
  const isWriting = models.length > 0 && !args.dryRun && (await isWanted(args));
  const by = `tallyhook reprice${args.all ? ' --all' : ''}`;
  const written = isWriting ? repricer.write(Date.now(), by) : 0;
  if (args.json) printDocument<RepriceDocument>(toRepriceDocument(models, args, written));
  else if (isWriting) {
    printLine(`${plural(written, 'request')} repriced; the old prices are kept.`);
  } else if (models.length > 0) printLine('Nothing was written.');
}

/** Asks on a terminal only: a script has confirmed by running the command. */
async function isWanted({ yes, json }: RepriceFlags): Promise<boolean> {
  if (yes || json || !process.stdin.isTTY || !process.stdout.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question('Write these prices? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

type RepriceDocument = DocumentOf<typeof reprice>;

function toRepriceDocument(
  models: RepricedModel[],
  args: RepriceFlags,
  written: number,
): Omit<RepriceDocument, 'schemaVersion'> {
  const total = (field: 'oldCostNanoUsd' | 'newCostNanoUsd'): bigint =>
    models.reduce((sum, model) => sum + model[field], 0n);
  return {
    dryRun: args.dryRun,
    all: args.all,
    written,
    totals: {
      requests: models.reduce((sum, { requests }) => sum + requests, 0),
      ...costs(total('oldCostNanoUsd'), total('newCostNanoUsd')),
    },
    models: models.map(({ oldCostNanoUsd, newCostNanoUsd, ...model }) => ({
      ...model,
      ...costs(oldCostNanoUsd, newCostNanoUsd),
    })),
  };
}

function costs(old: bigint, next: bigint): Omit<RepriceDocument['totals'], 'requests'> {
  return {
    oldCostNanoUsd: toSum(old),
    newCostNanoUsd: toSum(next),
    oldCostUsd: Number(old) / 1e9,
    newCostUsd: Number(next) / 1e9,
  };
}
