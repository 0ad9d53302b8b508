import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UNKNOWN_AGENT_TYPE } from '../../src/core/record/agent-type.ts';
import { faultsOf, importInto, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';
import { type Line, assistantLine, textOf, time, writeTree } from '../helpers/transcripts.ts';

const MAIN = 'p/s.jsonl';
const OWN = 'p/s/subagents/agent-a1.jsonl';
const INNER = 'p/s/subagents/agent-a2.jsonl';

function call(name: string, input: object, agent: string | null = null): Line {
  return assistantLine({
    session: 's',
    message: `call-${agent}`,
    at: 1,
    agent,
    content: [{ type: 'tool_use', id: `t-${agent}`, name, input }],
  });
}

/** A subagent's request whose line does not state the subagent's type. */
function untyped(agent: string, facts: Line = {}): Line {
  const line = assistantLine({ session: 's', message: `of-${agent}`, at: 3, agent });
  const { attributionAgent: _, ...rest } = line;
  return { ...rest, ...facts };
}

function result(agentId: string, caller: string | null = null): Line {
  return {
    type: 'user',
    uuid: `result-${agentId}`,
    sessionId: 's',
    timestamp: time(4),
    isSidechain: caller !== null,
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: `t-${caller}` }] },
    toolUseResult: { agentId },
  };
}

const meta = (toolUseId: string): Line => ({ toolUseId });
const metaOf = (path: string): string => path.replace('.jsonl', '.meta.json');

const CASES: [name: string, files: Record<string, Line[]>, type: string][] = [
  [
    'the call that its metadata names',
    {
      [MAIN]: [call('Agent', { subagent_type: 'explorer' })],
      [OWN]: [untyped('a1')],
      [metaOf(OWN)]: [meta('t-null')],
    },
    'explorer',
  ],
  [
    'the call whose result names it',
    { [MAIN]: [call('Task', { subagent_type: 'explorer' }), result('a1')], [OWN]: [untyped('a1')] },
    'explorer',
  ],
  [
    'a result read before its call',
    { [MAIN]: [result('a1'), call('Task', { subagent_type: 'explorer' })], [OWN]: [untyped('a1')] },
    'explorer',
  ],
  [
    'a line that states another type than the call',
    {
      [MAIN]: [call('Task', { subagent_type: 'explore' }), result('a1')],
      [OWN]: [untyped('a1', { attributionAgent: 'Explore' })],
    },
    'Explore',
  ],
  [
    'a line that states another type than the call, greater in order',
    {
      [MAIN]: [call('Task', { subagent_type: 'A' }), result('a1')],
      [OWN]: [untyped('a1', { attributionAgent: 'B' })],
    },
    'B',
  ],
  [
    'a call without a type',
    { [MAIN]: [call('Task', { prompt: 'x' }), result('a1')], [OWN]: [untyped('a1')] },
    UNKNOWN_AGENT_TYPE,
  ],
  [
    'another tool that names a type',
    { [MAIN]: [call('Other', { subagent_type: 'x' }), result('a1')], [OWN]: [untyped('a1')] },
    UNKNOWN_AGENT_TYPE,
  ],
  [
    'no call',
    { [MAIN]: [call('Task', { subagent_type: 'explorer' })], [OWN]: [untyped('a1')] },
    UNKNOWN_AGENT_TYPE,
  ],
  ['no main transcript', { [OWN]: [untyped('a1')] }, UNKNOWN_AGENT_TYPE],
  [
    'no id',
    {
      [MAIN]: [
        untyped('a1', {
          agentId: null,
          uuid: null,
          message: { ...(untyped('a1')['message'] as Line) },
        }),
      ],
    },
    UNKNOWN_AGENT_TYPE,
  ],
  [
    'a thread inside the main transcript',
    { [MAIN]: [untyped('a1', { agentId: null })] },
    UNKNOWN_AGENT_TYPE,
  ],
];

function typesOf(files: Record<string, Line[]>, isReversed: boolean): unknown[] {
  const folder = temporaryFolder();
  const { db } = temporaryLedger();
  writeTree(
    folder,
    Object.fromEntries(Object.entries(files).map(([name, lines]) => [name, textOf(lines)])),
  );
  importInto(db, folder, { order: (paths) => (isReversed ? paths.toReversed() : paths) });
  expect(faultsOf(db)).toEqual([]);
  return db
    .prepare(`SELECT message_id, agent_type FROM cost_records ORDER BY message_id`)
    .raw()
    .all();
}

describe.each([false, true])("a subagent's type, from files in reverse: %s", (isReversed) => {
  test.each(CASES)('%s', (_, files, type) => {
    expect(typesOf(files, isReversed)).toContainEqual(['of-a1', type]);
  });

  test('from a call of another subagent', () => {
    const files = {
      [INNER]: [untyped('a2')],
      [OWN]: [call('Agent', { subagent_type: 'reader' }, 'a1'), result('a2', 'a1')],
    };
    expect(typesOf(files, isReversed)).toContainEqual(['of-a2', 'reader']);
  });

  test('of a compaction: it is the main thread that is compacted', () => {
    const path = 'p/s/subagents/agent-acompact-1.jsonl';
    expect(typesOf({ [path]: [untyped('acompact-1')] }, isReversed)).toEqual([
      ['of-acompact-1', null],
    ]);
  });
});

test('a type that is found later replaces the unknown one in records and sums', () => {
  const folder = temporaryFolder();
  const { db } = temporaryLedger();
  const sums = (): unknown[] =>
    db
      .prepare(
        `SELECT key, requests FROM rollups
         WHERE dimension = 'agent-type' AND grain = 'day' AND requests > 0 ORDER BY key`,
      )
      .raw()
      .all();
  writeTree(folder, { [OWN]: textOf([untyped('a1')]) });
  importInto(db, folder);
  expect(sums()).toEqual([[UNKNOWN_AGENT_TYPE, 1]]);
  const lines = [call('Task', { subagent_type: 'explorer' }), result('a1')];
  writeTree(folder, { [join(MAIN)]: textOf(lines) });
  importInto(db, folder);
  expect(sums()).toEqual([
    ['', 1],
    ['explorer', 1],
  ]);
  expect(faultsOf(db)).toEqual([]);
});
