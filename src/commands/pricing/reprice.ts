import { createInterface } from 'node:readline/promises';
import type { CommandModule } from 'yargs';
import { renderReprice } from '../../render/prices.ts';
import type { RepricedModel } from '../../reports/prices.ts';
import { sumOf } from '../../reports/report.ts';
import { Repricer } from '../../store/records/repricer.ts';
import {
  type LedgerFlags,
  currentLedgerPath,
  currentPrices,
  ledgerFlags,
  openOrExplain,
  print,
  printLine,
  refresh,
  stdoutStyle,
} from '../session/ledger.ts';
import { printDocument } from '../session/document.ts';
import { formatCount } from '../../render/text/number-format.ts';
import { UserError } from '../../core/lang/user-error.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { reprice } from '../../schemas/prices.ts';

interface RepriceFlags extends LedgerFlags {
  dryRun: boolean;
  all: boolean;
  yes: boolean;
  json: boolean;
}

export const repriceCommand: CommandModule<object, RepriceFlags> = {
  builder: (yargs) =>
    yargs.options({
      'dry-run': { type: 'boolean', default: false, describe: 'Show what would change only' },
      all: {
        type: 'boolean',
        default: false,
        describe: 'Also requests whose price was their own: at the prices of today’s table',
      },
      yes: { type: 'boolean', alias: 'y', default: false, describe: 'Write without asking' },
      json: { type: 'boolean', alias: 'j', default: false, describe: 'JSON on stdout' },
      ...ledgerFlags,
    }) as never,
  handler: runReprice,
};

async function runReprice(flags: RepriceFlags): Promise<void> {
  const path = currentLedgerPath();
  const db = openOrExplain(path);
  if (db.readonly && !flags.dryRun) throw new UserError(`${path} can't be written`, null);
  if (flags.refresh && !db.readonly) refresh(db, path, flags);
  const repricer = new Repricer(db, currentPrices(), { isAll: flags.all });
  const models = repricer.plan();
  // Shown before anything is written, so that a broken pipe or Ctrl-C comes in time.
  if (!flags.json) print(renderReprice(models, stdoutStyle()));
  const isWriting = models.length > 0 && !flags.dryRun && (await isWanted(flags));
  const by = `tallyhook reprice${flags.all ? ' --all' : ''}`;
  const written = isWriting ? repricer.write(Date.now(), by) : 0;
  if (flags.json) printDocument<RepriceDocument>(documentOf(models, flags, written));
  else if (isWriting) {
    printLine(`${formatCount(written)} requests have their new price; what it replaced is kept.`);
  } else if (models.length > 0) printLine('Nothing was written.');
}

/** Only a person at a terminal is asked; a script said what it wants by calling. */
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

function documentOf(
  models: RepricedModel[],
  flags: RepriceFlags,
  written: number,
): Omit<RepriceDocument, 'schemaVersion'> {
  const total = (field: 'oldCostNanoUsd' | 'newCostNanoUsd'): bigint =>
    models.reduce((sum, model) => sum + model[field], 0n);
  return {
    dryRun: flags.dryRun,
    all: flags.all,
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
    oldCostNanoUsd: sumOf(old),
    newCostNanoUsd: sumOf(next),
    oldCostUsd: Number(old) / 1e9,
    newCostUsd: Number(next) / 1e9,
  };
}
