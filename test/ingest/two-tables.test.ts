import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/index.ts';
import { placesOf } from '../../src/sources/transcripts/places.ts';
import { parsePriceFile } from '../../src/pricing/overrides/file.ts';
import { withOverrides } from '../../src/pricing/overrides/merge.ts';
import type { PriceTable } from '../../src/pricing/price-table.ts';
import { importTranscripts } from '../../src/ingest/import.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import { resolveProject } from '../../src/sources/machine/project.ts';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { Spool } from '../../src/store/ingest/spool.ts';
import { LedgerWriter } from '../../src/store/ingest/writer.ts';
import { faultsOf, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';
import { assistantLine, textOf, writeTree } from '../helpers/transcripts.ts';

const MODEL = 'claude-zephyr-9';

/** A table that knows the model, at so many USD per million tokens, from a source of a day. */
function tableOf(usd: number, sourceDate: string): PriceTable {
  const text = JSON.stringify({ [MODEL]: { input: usd, output: usd } });
  const layer = { layer: 'updated', source: 'a test', sourceDate } as const;
  return withOverrides(builtinPrices(), parsePriceFile(text, 'p', layer)).prices;
}

const UNAWARE = builtinPrices();
const OLD = tableOf(1, '2026-11-01');
const NEW = tableOf(2, '2026-11-20');

function read(db: Ledger, prices: PriceTable, folder: string): void {
  const spool = new Spool(join(folder, 'no-spool'));
  const writer = new LedgerWriter(db, prices, resolveProject);
  // From their start, as another program does that has not read them yet.
  db.exec('DELETE FROM transcripts');
  importTranscripts(writer, spool, placesOf(claudeCode, [folder]));
}

function priceOf(db: Ledger): unknown {
  return db.prepare('SELECT price_basis, cost_nano_usd, output_tokens FROM cost_records').get();
}

function transcript(folder: string, output: number, stop: string | null = 'end_turn'): void {
  const line = { session: 's', message: 'm', request: 'r', model: MODEL, input: 0, output, stop };
  writeTree(folder, { 'p/s.jsonl': textOf([assistantLine(line)]) });
}

const EXACT_OLD = { price_basis: 'exact', cost_nano_usd: 1_000_000, output_tokens: 1000 };
const EXACT_NEW = { price_basis: 'exact', cost_nano_usd: 2_000_000, output_tokens: 1000 };

test.each([
  ['a worse basis replaces none', [OLD, UNAWARE], EXACT_OLD],
  ['a better basis counts', [UNAWARE, OLD], EXACT_OLD],
  ['of equal ones the newer table counts', [OLD, NEW], EXACT_NEW],
  ['whoever writes first', [NEW, OLD], EXACT_NEW],
  ['and whoever writes last', [OLD, UNAWARE, NEW, UNAWARE, OLD], EXACT_NEW],
])('two writers with different tables: %s', (_, tables, expected) => {
  const folder = temporaryFolder();
  const { db } = temporaryLedger();
  transcript(folder, 1000);
  for (const table of tables) read(db, table, folder);
  expect(priceOf(db)).toEqual(expected);
  expect(faultsOf(db)).toEqual([]);
});

test('what a request used is never held back for the sake of its price', () => {
  const folder = temporaryFolder();
  const { db } = temporaryLedger();
  transcript(folder, 10, null);
  read(db, OLD, folder);
  transcript(folder, 1000);
  read(db, UNAWARE, folder);
  expect(priceOf(db)).toMatchObject({ price_basis: 'fallback', output_tokens: 1000 });
  read(db, OLD, folder);
  expect(priceOf(db)).toEqual(EXACT_OLD);
  expect(faultsOf(db)).toEqual([]);
});

test('a record that no dated table priced is repriced by any', () => {
  const folder = temporaryFolder();
  const db = openLedger(join(folder, 'telemetry.db'), { busyTimeoutMs: 1000 });
  onTestFinished(() => {
    db.close();
  });
  transcript(folder, 1000);
  read(db, OLD, folder);
  db.exec('UPDATE cost_records SET price_dated = NULL');
  read(db, NEW, folder);
  expect(priceOf(db)).toEqual(EXACT_NEW);
});
