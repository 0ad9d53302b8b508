import { asObject, parseJson } from '../../core/lang/json.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { CheckFailed, UserError } from '../../core/lang/user-error.ts';
import { updatedPrices } from '../../ingest/effective-prices.ts';
import {
  type ListedPrice,
  PI_AI,
  isPriceData,
  listedPrices,
} from '../../pricing/sources/pi-ai/package.ts';
import { pricesOfJson } from '../../pricing/price-json.ts';
import { type UpdatedModels, comparePrices, mergeUpdates } from '../../pricing/update.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { pricingUpdate } from '../../schemas/prices.ts';
import { download } from '../../sources/machine/download.ts';
import { readGivenFile } from '../../sources/files/given-file.ts';
import { fetchPackage } from '../../sources/machine/npm-registry.ts';
import { expandPath } from '../../sources/machine/paths.ts';
import { readPriceFile, updatedPricesPath } from '../../sources/files/price-files.ts';
import { readTarball } from '../../sources/files/tarball.ts';
import { writePrivateFile } from '../../sources/files/text.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { printLine, warn } from '../session/io.ts';
import { printDocument } from '../session/document.ts';

const updateFlags = {
  from: {
    type: 'string',
    describe: 'Use this package or JSON file instead: a path or a URL',
    requiresArg: true,
  },
  force: {
    type: 'boolean',
    default: false,
    describe: 'Accept prices that change more than tenfold',
  },
  'dry-run': { type: 'boolean', default: false, describe: 'Show what would change, write nothing' },
  json,
} as const;

type UpdateFlags = FlagValues<typeof updateFlags>;

export const priceUpdateCommand = defineCommand({
  flags: updateFlags,
  examples: [
    ['tallyhook pricing update --dry-run', 'Show what would change'],
    ['tallyhook pricing update --from prices.json', 'Take prices from your own file'],
  ],
  handler: updatePricing,
});

interface Fetched {
  source: string;
  date: string;
  prices: ListedPrice[];
  problems: string[];
}

/**
 * Fetches prices, checks them, and stores the changes to the built-in table. On any failure the previous
 * prices stay in use.
 * @throws UserError for a file that cannot be read; CheckFailed, after printing the reason, otherwise
 */
async function updatePricing(flags: UpdateFlags): Promise<void> {
  const nowMs = Date.now();
  const { from } = flags;
  // A file that cannot be read is a wrong argument, not a failed check.
  const isFile = from !== undefined && !/^https?:\/\//i.test(from);
  const given = isFile ? readGivenFile(expandPath(from, process.env)) : null;
  try {
    const fetched = await (from === undefined
      ? fromRegistry(nowMs)
      : fromGiven(from, given, nowMs));
    applyUpdate(fetched, flags, nowMs);
  } catch (error) {
    if (error instanceof CheckFailed) throw error;
    warn(`prices are unchanged: ${toErrorMessage(error)}`);
    if (error instanceof UserError && error.hint !== null) warn(error.hint);
    throw new CheckFailed('no update', { cause: error });
  }
}

function applyUpdate(fetched: Fetched, flags: UpdateFlags, nowMs: number): void {
  const { source, date } = fetched;
  const warnings: string[] = [];
  const { prices: table } = updatedPrices(process.env, warnings);
  for (const warning of warnings) warn(warning);
  const compared = comparePrices(fetched.prices, table, { source, date });
  const problems = [...fetched.problems, ...compared.problems];
  if (fetched.prices.length === 0) problems.push('there are no prices in it');
  if (problems.length > 0) refuse(source, problems);
  if (compared.moved.length > 0 && !flags.force) {
    refuse(
      source,
      compared.moved.map((move) => `${move}: more than tenfold (accept it with --force)`),
    );
  }
  const path = updatedPricesPath(process.env);
  const models = Object.keys(compared.changed).sort();
  if (!flags.dryRun) {
    const document = {
      schemaVersion: 1,
      source,
      date,
      fetchedAt: new Date(nowMs).toISOString(),
      checked: compared.checked,
      models: mergeUpdates(storedUpdates(path), compared.changed),
    };
    writePrivateFile(path, `${JSON.stringify(document, null, 1)}\n`);
  }
  if (flags.json) {
    const { checked } = compared;
    const { dryRun } = flags;
    printDocument<DocumentOf<typeof pricingUpdate>>({
      source,
      date,
      dryRun,
      checked,
      changed: models,
      path,
    });
    return;
  }
  printLine(`${source} of ${date}: ${compared.checked} models, all prices plausible.`);
  if (models.length === 0) printLine('No price is new or changed.');
  else printLine(`${models.length} new or changed: ${models.join(', ')}`);
  if (flags.dryRun) printLine('Nothing was written.');
  else if (models.length > 0) {
    printLine(
      'tallyhook pricing diff shows the changes; tallyhook reprice applies them to requests without a price.',
    );
  }
}

function refuse(source: string, problems: string[]): never {
  warn(`${source} is rejected, and prices are unchanged:`);
  for (const problem of problems.slice(0, 10)) warn(`  ${problem}`);
  if (problems.length > 10) warn(`  and ${problems.length - 10} more`);
  throw new CheckFailed('rejected');
}

function storedUpdates(path: string): UpdatedModels {
  const text = readPriceFile(path);
  const models = typeof text === 'string' ? asObject(asObject(parseJson(text))?.['models']) : null;
  const lists = Object.entries(models ?? {}).filter(([, periods]) => Array.isArray(periods));
  return Object.fromEntries(lists) as UpdatedModels;
}

async function fromRegistry(nowMs: number): Promise<Fetched> {
  const { version, date, tarball } = await fetchPackage(PI_AI);
  const files = readTarball(tarball, isPriceData);
  return { source: `${PI_AI} ${version}`, date: date ?? formatDay(nowMs), ...listedPrices(files) };
}

async function fromGiven(from: string, given: Buffer | null, nowMs: number): Promise<Fetched> {
  const bytes = given ?? (await download(from));
  const origin = { source: from, date: formatDay(nowMs) };
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return { ...origin, ...listedPrices(readTarball(bytes, isPriceData)) };
  }
  const prices = pricesOfJson(new TextDecoder().decode(bytes));
  if (prices === null) throw new UserError(`${from} is neither a package nor JSON with prices`);
  return { ...origin, prices, problems: [] };
}

function formatDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
