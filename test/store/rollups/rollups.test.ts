import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ZoneOffset, timeLabel, zoneOffset } from '../../../src/core/time/period.ts';
import {
  LedgerReader,
  NO_FILTER,
  type RecordFilter,
  type SummedRow,
} from '../../../src/store/reader.ts';
import type { TimeGrouping } from '../../../src/store/sums/time-grouping.ts';
import { ROLLUP_DIMENSIONS } from '../../../src/store/rollups/writer.ts';
import type { RecordDimension } from '../../../src/store/records/dimensions.ts';
import { temporaryHome } from '../../helpers/home.ts';
import { append, request, toolResult } from '../../helpers/lines.ts';
import { faultsOf, importInto, temporaryLedger } from '../../helpers/ledger.ts';
import { isThorough } from '../../helpers/thorough.ts';

/** Numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const MODELS = [
  'claude-opus-4-5',
  'claude-haiku-4-5',
  'claude-sonnet-4-5-20250929',
  'gpt-9',
  'some-model',
];
const TOOLS = ['Bash', 'Read', 'Agent', 'mcp__docs__find', null];
const AGENTS = [null, 'Explore', 'general-purpose'];
const YEAR_MS = 365 * 86_400_000;
/** 2025-11-21: the range below covers two new years' ends, in some time zone. */
const START_MS = Date.UTC(2025, 10, 21);

/** Writes sessions of many kinds over a year, and reads them in; some lines come a second time, changed. */
function generatedLedger(sessions: number): {
  reader: LedgerReader;
  faults: () => string[];
  count: number;
} {
  const home = temporaryHome();
  const next = numbers(42);
  const pick = <Item>(list: readonly Item[]): Item => list[next(list.length)] as Item;
  const { db } = temporaryLedger();
  for (let index = 0; index < sessions; index++) {
    const session = `session-${index}`;
    const cwd = `/home/user/project-${next(5)}`;
    const path = join(home.projects, `-project-${next(5)}`, `${session}.jsonl`);
    for (let line = 0; line < 20; line++) {
      const id = `msg_${index}_${line}`;
      const agentType = pick(AGENTS);
      const tool = pick(TOOLS);
      const at = new Date(START_MS + next(YEAR_MS)).toISOString();
      const facts = {
        session,
        id,
        at,
        cwd,
        model: pick(MODELS),
        input: next(10_000),
        output: next(5000),
        read: next(100_000),
        write5m: next(5000),
        write1h: next(5000),
        searches: next(2),
        isFinal: next(10) > 0,
        ...(agentType === null ? {} : { agentId: `agent-${next(3)}`, agentType }),
        ...(tool === null ? {} : { tools: [[`call_${id}`, tool]] as [string, string][] }),
      };
      append(path, request(facts), toolResult(session, `call_${id}`));
      if (next(3) === 0)
        append(path, request({ ...facts, output: facts.output + next(1000), isFinal: true }));
    }
    if (index === sessions >> 1) importInto(db, home.projects);
  }
  importInto(db, home.projects);
  return { reader: new LedgerReader(db), faults: () => faultsOf(db), count: sessions * 20 };
}

/** Rows as text, in an order of their own; times as the local hour or day that they stand for. */
function sorted(rows: SummedRow[], time: TimeGrouping | null): string[] {
  const text = (_: string, value: unknown): unknown =>
    typeof value === 'bigint' ? `${value}n` : value;
  return rows
    .map(({ keys, quarterMs, measures }) => {
      const unit =
        quarterMs === null || time === null ? null : timeLabel(time.unit, quarterMs, time.offset);
      return JSON.stringify({ keys, unit, measures }, text);
    })
    .toSorted();
}

const dimensions = (Object.keys(ROLLUP_DIMENSIONS) as (keyof typeof ROLLUP_DIMENSIONS)[]).map(
  (name): RecordDimension[] => (name === 'all' ? [] : [name]),
);
const utc = (text: string): number => Date.parse(`${text}Z`);
const ranges: [name: string, sinceMs: number | null, untilMs: number | null][] = [
  ['all time', null, null],
  ['one quarter of an hour', utc('2026-03-01T10:15'), utc('2026-03-01T10:30')],
  ['one UTC day', utc('2026-03-01T00:00'), utc('2026-03-02T00:00')],
  ['a day of Berlin of 23 hours', utc('2026-03-28T23:00'), utc('2026-03-29T22:00')],
  ['a day of Kathmandu', utc('2026-05-01T18:15'), utc('2026-05-02T18:15')],
  ['a UTC month', utc('2026-02-01T00:00'), utc('2026-03-01T00:00')],
  ['a month of Berlin', utc('2026-06-30T22:00'), utc('2026-07-31T22:00')],
  ['some months, and edges of days and quarters', utc('2026-01-30T23:45'), utc('2026-06-02T00:15')],
  ['from a day on', utc('2026-08-14T22:00'), null],
  ['up to a day', null, utc('2026-01-01T05:00')],
  ['from the start of a month on', utc('2026-09-01T00:00'), null],
  ['edges inside a quarter', utc('2026-03-01T10:07'), utc('2026-07-01T10:08')],
  ['nothing', utc('2026-07-01T00:00'), utc('2026-07-01T00:00')],
  ['upside down', utc('2026-07-02T00:00'), utc('2026-07-01T00:00')],
];

const zone = (name: string): ZoneOffset => zoneOffset(name) as ZoneOffset;
const groupings: (TimeGrouping | null)[] = [
  null,
  { unit: 'day', offset: zone('UTC') },
  { unit: 'day', offset: zone('Europe/Berlin') },
  { unit: 'day', offset: zone('America/New_York') },
  { unit: 'day', offset: zone('Asia/Kathmandu') },
  { unit: 'day', offset: zone('Pacific/Auckland') },
  { unit: 'hour', offset: zone('Asia/Kathmandu') },
];
const questions: [RecordDimension[], Partial<RecordFilter>][] = [
  ...dimensions.map((by): [RecordDimension[], Partial<RecordFilter>] => [by, {}]),
  [['session'], {}],
  [[], { sessionId: 'session-3' }],
  [['session'], { sessionId: 'session-3' }],
  [[], { sessionId: 'nobody' }],
  [[], { project: '/home/user/project-1' }],
  [['project'], { project: '/home/user/project-1' }],
  [['model'], { project: '/home/user/project-1' }],
  [['project'], { model: 'claude-haiku-4-5' }],
  [['agent-type', 'model'], { project: '/home/user/project-1', agentType: 'Explore' }],
  [['tool'], { tool: 'Bash' }],
  [['model'], { tool: 'Bash' }],
  [[], { tool: '' }],
  [[], { project: '/nowhere' }],
];

describe('roll-ups give what the rows give', () => {
  test.each(ranges)('over %s, by every dimension', async (_, sinceMs, untilMs) => {
    const { reader, faults, count } = generatedLedger(isThorough ? 40 : 20);
    const [all] = await reader.sums(NO_FILTER, [], null);
    expect(all?.measures.requests).toBe(BigInt(count));
    for (const [by, facts] of questions) {
      const filter = { ...NO_FILTER, ...facts, sinceMs, untilMs };
      for (const [index, time] of groupings.entries()) {
        const fast = sorted(await reader.sums(filter, by, time), time);
        const slow = sorted(await reader.rowSums(filter, by, time), time);
        expect({ by, facts, index, sums: fast }).toEqual({ by, facts, index, sums: slow });
      }
    }
    expect(faults()).toEqual([]);
  });

  test('where a record has an empty model', async () => {
    const home = temporaryHome();
    const { db } = temporaryLedger();
    append(join(home.projects, '-p/s1.jsonl'), request({ session: 's1', id: 'msg_1', model: '' }));
    importInto(db, home.projects);
    const reader = new LedgerReader(db);
    const slow = await reader.rowSums(NO_FILTER, ['model'], null);
    expect(await reader.sums(NO_FILTER, ['model'], null)).toEqual(slow);
  });
});
