import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { fc, runs } from '../helpers/fast-check.ts';
import { faultsOf, importInto, recordsOf } from '../helpers/ledger.ts';
import { type Line, assistantLine } from '../helpers/transcripts.ts';

/** One response: which id its gateway gave it, its input-side counts, and its lines. */
const responseArbitrary = fc.record({
  message: fc.constantFrom('m1', 'm2', 'constant'),
  counts: fc.constantFrom([1, 0, 0], [2, 30, 4], [2, 30, 5], [0, 7, 0]),
  lines: fc.array(
    fc.record({
      hasNoCounts: fc.boolean(),
      output: fc.nat(3),
      at: fc.nat(20),
      isFinal: fc.boolean(),
      tool: fc.option(fc.constantFrom('Bash', 'Read', 'Edit')),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  // One message id with and without a request id depends on the order of reading in rare cases.
  request: fc.constant<string | null>(null),
  place: fc.constantFrom('p/a.jsonl', 'p/b.jsonl', 'q/c.jsonl', 'p/a/subagents/agent-x1.jsonl'),
  /** Other transcripts that hold a copy of the response, as forks do. */
  copies: fc.uniqueArray(fc.constantFrom('p/b.jsonl', 'q/c.jsonl'), { maxLength: 2 }),
});
type Response = typeof responseArbitrary extends fc.Arbitrary<infer T> ? T : never;
type Placed = [path: string, line: Line];

const SESSIONS: Record<string, string> = {
  'p/a.jsonl': 'a',
  'p/b.jsonl': 'b',
  'q/c.jsonl': 'c',
  'p/a/subagents/agent-x1.jsonl': 'a',
};
const PATHS = Object.keys(SESSIONS);

function linesOf({ message, counts, lines, place, copies, request }: Response): Placed[] {
  const [input = 0, read = 0, write5m = 0] = counts;
  return [place, ...copies].flatMap((path) =>
    lines.map(({ hasNoCounts, output, at, isFinal, tool }, index): Placed => {
      const isPlaceholder = hasNoCounts && request === null;
      const line = assistantLine({
        session: SESSIONS[path] ?? '',
        message,
        request,
        uuid: `${message}-${counts.join('-')}-${at}-${index}`,
        at,
        output,
        input: isPlaceholder ? 0 : input,
        read: isPlaceholder ? 0 : read,
        write5m: isPlaceholder ? 0 : write5m,
        stop: isFinal ? 'end_turn' : null,
        agent: path.includes('agent-') ? 'x1' : null,
        tools:
          tool === null
            ? []
            : [{ id: `t-${message}-${counts.join('-')}-${at}-${tool}`, name: tool }],
      });
      return [path, line];
    }),
  );
}

/** Each transcript begins with its birth, which is what its place in the file decides. */
const births = PATHS.filter((path) => !path.includes('agent-')).map((path, index): Placed => [
  path,
  {
    type: 'queue-operation',
    sessionId: SESSIONS[path],
    timestamp: new Date(Date.UTC(2026, 10, 20, 11, index)).toISOString(),
  },
]);

/** What the ledger holds after the lines were appended in this order and read in pieces of this size. */
function readInPieces(placed: Placed[], size: number, isReversed: boolean): Read {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-property-'));
  const db = openLedger(join(folder, 'telemetry.db'), { busyTimeoutMs: 1000 });
  db.pragma('synchronous = OFF');
  try {
    const projects = join(folder, 'projects');
    const seen = new Set<string>();
    const put = (path: string, line: Line): void => {
      const file = join(projects, path);
      mkdirSync(dirname(file), { recursive: true });
      if (!seen.has(path)) writeFileSync(file, '');
      if (!seen.has(path) && !path.includes('agent-')) {
        appendFileSync(file, `${JSON.stringify(births.find(([name]) => name === path)?.[1])}\n`);
      }
      seen.add(path);
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    };
    const order = (paths: string[]): string[] => (isReversed ? paths.toReversed() : paths);
    for (let from = 0; from < placed.length; from += size) {
      for (const [path, line] of placed.slice(from, from + size)) put(path, line);
      importInto(db, projects, { order });
    }
    expect(faultsOf(db)).toEqual([]);
    return { records: recordsOf(db) as Read['records'], calls: toolUseIds(db) };
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Read {
  records: Record<string, unknown>[];
  calls: unknown[];
}

/** Without the first tool of each request, which may be a placeholder's. */
function withoutTools({ records, calls }: Read): Read {
  return { records: records.map((record) => ({ ...record, tool_name: null })), calls };
}

/** Without their requests: a placeholder's call may be of any request of a constant id. */
function toolUseIds(db: Ledger): unknown[] {
  return db.prepare('SELECT DISTINCT tool_use_id FROM tool_uses ORDER BY 1').pluck().all();
}

function shuffled<T>(items: T[], keys: number[]): T[] {
  return items
    .map((item, index) => ({ item, key: keys[index % keys.length] ?? 0, index }))
    .toSorted((a, b) => a.key - b.key || a.index - b.index)
    .map(({ item }) => item);
}

test('transcripts without request ids give the same ledger in any order, split and repeated', () => {
  fc.assert(
    fc.property(
      fc.array(responseArbitrary, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(1000), { minLength: 7, maxLength: 31 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      fc.boolean(),
      (responses, keys, size, isReversed, isRepeated) => {
        const placed = responses.flatMap(linesOf);
        const whole = readInPieces(placed, placed.length, false);
        const other = shuffled(isRepeated ? [...placed, ...placed] : placed, keys);
        const hasPlaceholder = responses.some(({ lines }) =>
          lines.some(({ hasNoCounts }) => hasNoCounts),
        );
        const shown = hasPlaceholder ? withoutTools : (read: Read): Read => read;
        expect(shown(readInPieces(other, size, isReversed))).toEqual(shown(whole));
      },
    ),
    runs(60),
  );
});
