import { describe, expect, test } from 'vitest';
import { importInto, temporaryFolder, temporaryLedger } from '../../helpers/ledger.ts';
import { toldRequests } from '../../helpers/shares.ts';
import {
  type Line,
  assistantLine,
  progressLine,
  promptLine,
  textOf,
  writeTree,
} from '../../helpers/transcripts.ts';

/** A turn with one tool call and its result, of so many characters. */
function lines(session: string, resultChars: number, agent: string | null = null): Line[] {
  const base = { session, agent, owner: 's-a', request: 'r1', model: 'claude-opus-4-8' };
  const tools = [{ id: 't1', name: 'Read' }];
  return [
    promptLine(session, 0, 'p1'),
    assistantLine({ ...base, message: 'm1', at: 1, input: 0, write5m: 9000, tools }),
    {
      ...promptLine(session, 2, 'p1'),
      uuid: 'u-result',
      message: {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't1', content: 'x'.repeat(resultChars) }],
      },
    },
    assistantLine({ ...base, message: 'm2', at: 3, input: 0, read: 9000, write5m: 4000 }),
  ];
}

/** What reading the result cost in the request after it, by the order in which the files are read. */
async function readCost(tree: Record<string, Line[]>, isReversed: boolean): Promise<number> {
  const folder = temporaryFolder();
  writeTree(
    folder,
    Object.fromEntries(Object.entries(tree).map(([name, content]) => [name, textOf(content)])),
  );
  const { db } = temporaryLedger();
  importInto(db, folder, isReversed ? { order: (paths) => paths.toReversed() } : {});
  const told = await toldRequests(db);
  const shares = told.get('m2|r1')?.shares ?? [];
  return shares
    .filter(({ cause, part }) => cause === 'tool-use' && part === 'new-input')
    .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
}

describe('of several threads that hold a request', () => {
  const alone = { 'p/s-a.jsonl': lines('s-a', 8000) };

  test.each([[false], [true]])(
    'the owner’s tells of it, not a fork’s (reversed: %s)',
    async (isReversed) => {
      const due = await readCost(alone, false);
      // The fork's copy has lost most of the result: told by it, the tool would have cost less.
      const both = { ...alone, 'p/s-0.jsonl': lines('s-0', 10) };
      expect(await readCost(both, isReversed)).toBe(due);
      expect(due).toBeGreaterThan(20_000_000);
      expect(await readCost({ 'p/s-0.jsonl': both['p/s-0.jsonl'] }, false)).toBeLessThan(due / 2);
    },
  );

  test.each([[false], [true]])(
    'a subagent’s own file tells of it, not what progress lines repeat (reversed: %s)',
    async (isReversed) => {
      const own = lines('s-a', 8000, 'a1');
      const file = 'p/s-a/subagents/agent-a1.jsonl';
      const due = await readCost({ 'p/s-a.jsonl': [], [file]: own }, false);
      const copies = lines('s-a', 10, 'a1')
        .filter(({ type }) => type === 'assistant')
        .map((line, at) => progressLine('s-a', 'a1', line, 10 + at));
      expect(await readCost({ 'p/s-a.jsonl': copies, [file]: own }, isReversed)).toBe(due);
      expect(due).toBeGreaterThan(20_000_000);
    },
  );
});
