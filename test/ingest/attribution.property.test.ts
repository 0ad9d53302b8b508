import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { Spool } from '../../src/store/ingest/spool.ts';
import { spoolFolder } from '../../src/sources/machine/paths.ts';
import { callHook } from '../helpers/hook.ts';
import { callsOf, faultsOf, importInto, recordsOf } from '../helpers/ledger.ts';
import {
  type SharesByRequest,
  expectExactShares,
  expectShareSums,
  sharesOf,
} from '../helpers/shares.ts';
import { threadsArbitrary } from '../helpers/threads.ts';
import { writeTree } from '../helpers/transcripts.ts';
import { fc, runs as examples } from '../helpers/fast-check.ts';

const runs = examples(20);

interface Machine {
  projects: string;
  db: Ledger;
  env: Record<string, string>;
}

/** A folder and a ledger that are gone afterwards: many in one test. */
async function onMachine<T>(run: (machine: Machine) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-shares-'));
  const path = join(folder, 'telemetry.db');
  const db = openLedger(path, { busyTimeoutMs: 1000 });
  db.pragma('synchronous = OFF');
  try {
    const env = { HOME: folder, TELEMETRY_DB_PATH: path };
    return await run({ projects: join(folder, 'projects'), db, env });
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Tree = Record<string, string>;

/** What one import of the whole gives. */
function sharesOfWhole(
  tree: Tree,
): Promise<{ shares: SharesByRequest; records: unknown[]; calls: unknown[] }> {
  return onMachine(async ({ projects, db }) => {
    writeTree(projects, tree);
    importInto(db, projects);
    return { shares: await sharesOf(db), records: recordsOf(db), calls: callsOf(db) };
  });
}

/** Each file as it stands at a moment of its growth, cut at any byte. */
function grown(tree: Tree, parts: readonly number[]): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, text], index) => {
      const bytes = Buffer.from(text);
      const part = parts[index % parts.length] ?? 1;
      return [name, bytes.subarray(0, Math.floor(bytes.length * part))];
    }),
  );
}

/** Evenly: doubles would be next to nothing for the most part. */
const part = fc.nat(10_000).map((count) => count / 10_000);
/** Moments of growth, each with the part of each file that is there. */
const growth = fc
  .array(fc.tuple(part, part, part), { minLength: 1, maxLength: 4 })
  .map((moments) =>
    [0, 1, 2].map((file) => moments.map((at) => at[file] ?? 1).toSorted((a, b) => a - b)),
  )
  .map((files) => (files[0] ?? []).map((_, at) => files.map((parts) => parts[at] ?? 1)));

/** Appends, as a client does: the file stays the same one. */
function grow(projects: string, tree: Record<string, Buffer | string>): void {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(projects, name);
    const known = statSync(path, { throwIfNoEntry: false })?.size;
    if (known === undefined) writeTree(projects, { [name]: content });
    else writeFileSync(path, Buffer.from(content).subarray(known), { flag: 'a' });
  }
}

describe('the shares of arbitrary threads', () => {
  test('sum to the cost of each request, and in every grouping to the total', async () => {
    await fc.assert(
      fc.asyncProperty(threadsArbitrary, (tree) =>
        onMachine(async ({ projects, db }) => {
          writeTree(projects, tree);
          importInto(db, projects);
          await expectExactShares(db);
          await expectShareSums(db);
          expect(faultsOf(db)).toEqual([]);
        }),
      ),
      runs,
    );
  });

  test('are the same wherever transcripts are split between readings', async () => {
    await fc.assert(
      fc.asyncProperty(threadsArbitrary, growth, async (tree, moments) => {
        const whole = await sharesOfWhole(tree);
        await onMachine(async ({ projects, db }) => {
          for (const parts of moments) {
            grow(projects, grown(tree, parts));
            importInto(db, projects);
            await expectExactShares(db);
          }
          grow(projects, tree);
          importInto(db, projects);
          expect(recordsOf(db)).toEqual(whole.records);
          expect(callsOf(db)).toEqual(whole.calls);
          expect(await sharesOf(db)).toEqual(whole.shares);
        });
      }),
      runs,
    );
  });

  test('do not depend on the order of files', async () => {
    await fc.assert(
      fc.asyncProperty(threadsArbitrary, fc.nat(5), async (tree, rotation) => {
        const whole = await sharesOfWhole(tree);
        await onMachine(async ({ projects, db }) => {
          writeTree(projects, tree);
          const order = (paths: string[]): string[] => {
            const from = rotation % paths.length;
            const turned = [...paths.slice(from), ...paths.slice(0, from)];
            return rotation % 2 === 0 ? turned : turned.toReversed();
          };
          importInto(db, projects, { order });
          expect(recordsOf(db)).toEqual(whole.records);
          expect(callsOf(db)).toEqual(whole.calls);
          expect(await sharesOf(db)).toEqual(whole.shares);
        });
      }),
      runs,
    );
  });

  test('are the same when everything is read twice', async () => {
    await fc.assert(
      fc.asyncProperty(threadsArbitrary, async (tree) => {
        const whole = await sharesOfWhole(tree);
        await onMachine(async ({ projects, db }) => {
          writeTree(projects, tree);
          importInto(db, projects);
          importInto(db, projects);
          expect(await sharesOf(db)).toEqual(whole.shares);
          db.exec('DELETE FROM thread_state; DELETE FROM transcripts');
          importInto(db, projects);
          expect(await sharesOf(db)).toEqual(whole.shares);
        });
      }),
      runs,
    );
  });

  test('are the same from hooks and imports in turn on growing transcripts', async () => {
    const readers = fc.array(fc.constantFrom('hook a', 'hook b', 'import'), {
      minLength: 4,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(threadsArbitrary, growth, readers, async (tree, moments, names) => {
        const whole = await sharesOfWhole(tree);
        await onMachine(async ({ projects, db, env }) => {
          for (const [index, parts] of moments.entries()) {
            grow(projects, grown(tree, parts));
            readBy(names[index] ?? 'import', { projects, db, env });
            await expectExactShares(db);
          }
          grow(projects, tree);
          for (const name of ['hook a', 'hook b']) readBy(name, { projects, db, env });
          importInto(db, projects);
          expect(recordsOf(db)).toEqual(whole.records);
          expect(callsOf(db)).toEqual(whole.calls);
          expect(await sharesOf(db)).toEqual(whole.shares);
          expect(faultsOf(db)).toEqual([]);
        });
      }),
      runs,
    );
  });

  test('are the same where hooks could not reach the ledger and spooled what they read', async () => {
    let spooled = 0;
    await fc.assert(
      fc.asyncProperty(threadsArbitrary, growth, async (tree, moments) => {
        const whole = await sharesOfWhole(tree);
        await onMachine(async ({ projects, db, env }) => {
          for (const parts of moments) {
            grow(projects, grown(tree, parts));
            // Another program holds the ledger for longer than a hook waits.
            db.exec('BEGIN IMMEDIATE');
            for (const name of ['hook a', 'hook b']) readBy(name, { projects, db, env });
            db.exec('COMMIT');
            spooled += new Spool(spoolFolder(env['TELEMETRY_DB_PATH'] ?? '')).names().length;
          }
          grow(projects, tree);
          for (const name of ['hook a', 'hook b']) readBy(name, { projects, db, env });
          importInto(db, projects);
          expect(recordsOf(db)).toEqual(whole.records);
          expect(callsOf(db)).toEqual(whole.calls);
          expect(await sharesOf(db)).toEqual(whole.shares);
          expect(faultsOf(db)).toEqual([]);
        });
      }),
      { numRuns: Math.ceil(runs.numRuns / 12) },
    );
    expect(spooled).toBeGreaterThan(0);
  });

  test('sum up where a file was replaced by another', async () => {
    await fc.assert(
      fc.asyncProperty(threadsArbitrary, threadsArbitrary, async (one, other) => {
        await onMachine(async ({ projects, db }) => {
          writeTree(projects, one);
          importInto(db, projects);
          writeTree(projects, other);
          importInto(db, projects);
          const shares = await expectExactShares(db);
          await expectShareSums(db);
          importInto(db, projects);
          expect(await sharesOf(db)).toEqual(shares);
        });
      }),
      runs,
    );
  });
});

function readBy(name: string, { projects, db, env }: Machine): void {
  if (name === 'import') {
    importInto(db, projects);
    return;
  }
  const session = name === 'hook a' ? 's-a' : 's-b';
  const event = {
    hook_event_name: 'PostToolUse',
    session_id: session,
    transcript_path: join(projects, `p/${session}.jsonl`),
    cwd: '/home/user/project',
    tool_name: 'Bash',
    tool_use_id: 'none',
    tool_input: {},
  };
  callHook(event, env);
}
