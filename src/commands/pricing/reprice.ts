import { createInterface } from 'node:readline/promises';
import type { CommandModule } from 'yargs';
import { jsonText } from '../../core/lang/printable.ts';
import { renderReprice } from '../../render/prices.ts';
import type { RepricedModel } from '../../reports/prices.ts';
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
import { formatCount } from '../../render/text/number-format.ts';
import { UserError } from '../../core/lang/user-error.ts';

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
  handler: reprice,
};

async function reprice(flags: RepriceFlags): Promise<void> {
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
  if (flags.json) print(jsonText(documentOf(models, flags, written), 2));
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

function documentOf(models: RepricedModel[], flags: RepriceFlags, written: number): object {
  const total = (field: 'oldCostNanoUsd' | 'newCostNanoUsd'): bigint =>
    models.reduce((sum, model) => sum + model[field], 0n);
  return {
    schemaVersion: 1,
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

function costs(old: bigint, next: bigint): object {
  return {
    oldCostNanoUsd: sumOf(old),
    newCostNanoUsd: sumOf(next),
    oldCostUsd: Number(old) / 1e9,
    newCostUsd: Number(next) / 1e9,
  };
}

/** As in every report: text where a double would lose digits. */
function sumOf(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
