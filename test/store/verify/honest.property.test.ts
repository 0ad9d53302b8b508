import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import { transcripts } from '../../../src/agents/claude-code/source.ts';
import { Collector } from '../../../src/ingest/collect.ts';
import { builtinPrices } from '../../../src/pricing/builtin/table.ts';
import { type Ledger, openLedger } from '../../../src/store/connection/open.ts';
import { Spool, emptyWork } from '../../../src/store/ingest/spool.ts';
import { Repricer } from '../../../src/store/records/repricer.ts';
import { allFaultsOf, importInto, writerOf } from '../../helpers/ledger.ts';
import { treeArbitrary, writeTree } from '../../helpers/transcripts.ts';
import { fc, runs as examples } from '../../helpers/fast-check.ts';

/** As a hook does: the files of one event, in pieces of at most `maxBytes`. */
function hook(db: Ledger, paths: string[], maxBytes: number): void {
  const writer = writerOf(db);
  const collector = new Collector(writer, new Spool(''), 'hook');
  const files = paths.map((path) => ({ agent: claudeCode, source: transcripts, path }));
  collector.collect(files, { maxBytes, deadlineMs: Number.POSITIVE_INFINITY });
  writer.write({ ...emptyWork(), batches: collector.batches });
}

/** What may happen to a ledger and its transcripts between two pieces of a file. */
const stepArbitrary = fc.record({
  file: fc.nat(9),
  share: fc.integer({ min: 1, max: 10 }),
  reader: fc.constantFrom('hook', 'hook', 'short hook', 'import', 'import backwards', 'nothing'),
});
const endArbitrary = fc.constantFrom('none', 'deleted', 'rewritten', 'cut', 'repriced', 'copied');

test('verify finds no fault after hooks and imports in any order', () => {
  fc.assert(
    fc.property(
      treeArbitrary,
      fc.array(stepArbitrary, { maxLength: 12 }),
      endArbitrary,
      fc.nat(9),
      (tree, steps, end, place) => {
        const folder = mkdtempSync(join(tmpdir(), 'tallyhook-property-'));
        const path = join(folder, 'telemetry.db');
        const db = openLedger(path, { busyTimeoutMs: 1000 });
        db.pragma('synchronous = OFF');
        try {
          const projects = join(folder, 'projects');
          const names = Object.keys(tree);
          const written = new Map(names.map((name) => [name, 0]));
          const extend = (name: string, bytes: number): void => {
            const text = tree[name] ?? '';
            const from = written.get(name) ?? 0;
            if (from === 0) writeTree(projects, { [name]: '' });
            appendFileSync(join(projects, name), text.slice(from, from + bytes));
            written.set(name, Math.min(text.length, from + bytes));
          };
          for (const { file, share, reader } of steps) {
            const name = names[file % names.length] ?? '';
            extend(name, Math.ceil(((tree[name] ?? '').length * share) / 10));
            if (reader === 'hook') hook(db, [join(projects, name)], 1e6);
            if (reader === 'short hook') hook(db, [join(projects, name)], 700);
            if (reader === 'import') importInto(db, projects);
            if (reader === 'import backwards') {
              importInto(db, projects, { order: (paths) => paths.toReversed() });
            }
          }
          for (const name of names) extend(name, 1e9);
          importInto(db, projects);
          expect(allFaultsOf(db, path, projects)).toEqual([]);
          const changed = names[place % names.length] ?? '';
          const text = tree[changed] ?? '';
          if (end === 'deleted') rmSync(join(projects, changed));
          if (end === 'rewritten') {
            writeTree(projects, { [changed]: text.split('\n').slice(1).join('\n') });
          }
          if (end === 'cut') writeTree(projects, { [changed]: text.slice(0, text.length / 2) });
          if (end === 'copied') writeTree(projects, { [`elsewhere/${changed}`]: text });
          if (end === 'repriced') {
            new Repricer(db, builtinPrices(), { isAll: true }).write(Date.now(), 'reprice');
          }
          importInto(db, projects);
          expect(allFaultsOf(db, path, projects)).toEqual([]);
        } finally {
          db.close();
          rmSync(folder, { recursive: true, force: true });
        }
      },
    ),
    examples(40),
  );
});
