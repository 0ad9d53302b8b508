import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { extracted } from '../helpers/extracted.ts';
import { faultsOf, importInto, recordsOf } from '../helpers/ledger.ts';
import { treeArbitrary, writeTree } from '../helpers/transcripts.ts';
import { fc, runs as examples, cheapRuns } from '../helpers/fast-check.ts';

const runs = examples(20);

/** From 0 to 1: doubles by themselves would be next to nothing for the most part. */
const evenly = fc.nat(10_000).map((count) => count / 10_000);

/** Runs with a folder and a ledger that are gone afterwards, many times in one test. */
function inFolder<T>(run: (folder: string, db: Ledger) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-property-'));
  const db = openLedger(join(folder, 'telemetry.db'), { busyTimeoutMs: 1000 });
  db.pragma('synchronous = OFF');
  try {
    return run(folder, db);
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function ledgerOf(tree: Record<string, string>, order?: (paths: string[]) => string[]): unknown[] {
  return inFolder((folder, db) => {
    writeTree(join(folder, 'projects'), tree);
    importInto(db, join(folder, 'projects'), order === undefined ? {} : { order });
    expect(faultsOf(db)).toEqual([]);
    return recordsOf(db);
  });
}

/** JSON that looks like a line, with anything in any place. */
const hostileLine = fc.record(
  {
    type: fc.constantFrom('assistant', 'user', 'progress', 'cost-state', 'system'),
    uuid: fc.anything(),
    parentUuid: fc.anything(),
    sessionId: fc.anything(),
    timestamp: fc.oneof(fc.anything(), fc.string(), fc.constant('9999999-99-99')),
    requestId: fc.anything(),
    data: fc.record({ message: fc.anything(), agentId: fc.anything() }, { requiredKeys: [] }),
    modelUsage: fc.anything(),
    toolUseResult: fc.anything(),
    message: fc.record(
      {
        id: fc.anything(),
        model: fc.oneof(fc.string(), fc.anything()),
        content: fc.anything(),
        usage: fc.oneof(
          fc.anything(),
          fc.dictionary(
            fc.constantFrom('input_tokens', 'output_tokens', 'cache_creation', 'iterations'),
            fc.anything(),
          ),
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['type'] },
);

describe('the extractor', () => {
  test('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const lines = Buffer.from(bytes).toString('utf8').split('\n');
        extracted(lines, 'main');
        extracted(lines, 'sidechain');
      }),
      cheapRuns(2000),
    );
  });

  test('never throws on any JSON in the place of any field', () => {
    fc.assert(
      fc.property(fc.array(hostileLine, { maxLength: 5 }), (lines) => {
        const texts = lines.map((line) => JSON.stringify(line) ?? '');
        expect(extracted(texts, 'main').records.size).toBeLessThanOrEqual(texts.length);
        extracted(texts, 'sidechain');
      }),
      cheapRuns(2000),
    );
  });
});

describe('the ledger', () => {
  test('is the same wherever a transcript is split between two readings', () => {
    fc.assert(
      fc.property(treeArbitrary, evenly, (tree, at) => {
        const whole = ledgerOf(tree);
        inFolder((folder, db) => {
          const projects = join(folder, 'projects');
          for (const [name, text] of Object.entries(tree)) {
            const cut = Math.floor(text.length * at);
            writeTree(projects, { [name]: text.slice(0, cut) });
          }
          importInto(db, projects);
          for (const [name, text] of Object.entries(tree)) {
            appendFileSync(join(projects, name), text.slice(Math.floor(text.length * at)));
          }
          importInto(db, projects);
          expect(recordsOf(db)).toEqual(whole);
          expect(faultsOf(db)).toEqual([]);
        });
      }),
      runs,
    );
  });

  test('does not depend on the order of files', () => {
    fc.assert(
      fc.property(treeArbitrary, fc.integer({ min: 1, max: 5 }), (tree, rotation) => {
        const inOrder = ledgerOf(tree);
        const rotated = (paths: string[]): string[] => {
          const from = rotation % paths.length;
          const turned = [...paths.slice(from), ...paths.slice(0, from)];
          return rotation % 2 === 0 ? turned : turned.toReversed();
        };
        expect(ledgerOf(tree, rotated)).toEqual(inOrder);
      }),
      runs,
    );
  });

  test('is the same when everything is read twice', () => {
    fc.assert(
      fc.property(treeArbitrary, (tree) => {
        inFolder((folder, db) => {
          writeTree(join(folder, 'projects'), tree);
          importInto(db, join(folder, 'projects'));
          const once = recordsOf(db);
          db.exec('DELETE FROM thread_state; DELETE FROM transcripts');
          expect(importInto(db, join(folder, 'projects')).addedRequests).toBe(0);
          expect(recordsOf(db)).toEqual(once);
          expect(faultsOf(db)).toEqual([]);
        });
      }),
      runs,
    );
  });
});
