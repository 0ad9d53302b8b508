import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gemini } from '../../../src/agents/gemini/index.ts';
import {
  type ExpectedRequest,
  countsOf,
  expectedRequests,
  recordsBelow,
} from '../../helpers/agent-files.ts';
import { sharedFolder } from '../../helpers/shared.ts';

const runs = sharedFolder('real/other-agents/gemini');

function expectedCounts(path: string): ExpectedRequest[] {
  const counts = expectedRequests(path).map((request) => ({ ...request, model: '' }));
  return counts.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe.skipIf(runs === null)('recorded runs of Gemini CLI', () => {
  test.each(runs === null ? [] : readdirSync(runs))('%s equals what the server sent', (run) => {
    const records = recordsBelow('gemini', gemini.sources, `${runs}/${run}/home`);
    // A chat names the model that was asked for, not the one that answered.
    const asked = records.map((record) => ({ ...record, modelRaw: '' }));
    expect(countsOf(asked)).toEqual(expectedCounts(`${runs}/${run}/expected.json`));
    expect(new Set(records.map(({ modelRaw }) => modelRaw))).toEqual(new Set(['gemini-2.5-pro']));
    expect(records.every(({ claim }) => claim.cwd === '/home/user/project')).toBe(true);
    expect(new Set(records.map(({ claim }) => claim.sessionId)).size).toBe(1);
    expect(records.every(({ claim }) => claim.sessionId.length === 36)).toBe(true);
  });

  test('a subagent has an id, and the session of its parent', () => {
    const records = recordsBelow('gemini', gemini.sources, `${runs}/subagent/home`);
    expect(new Set(records.map(({ claim }) => claim.agentId)).size).toBe(2);
    expect(records.some(({ claim }) => !claim.isMainThread)).toBe(true);
  });

  test('events have a session and a transcript, those of the model are ignored', () => {
    for (const run of runs === null ? [] : readdirSync(runs)) {
      const lines = readFileSync(`${runs}/${run}/events.jsonl`, 'utf8').split('\n').filter(Boolean);
      const names = lines.flatMap((line) => {
        const parsed = gemini.parseEvent(line);
        if (parsed.kind === 'malformed') throw new Error(parsed.reason);
        if (parsed.kind === 'other') return [];
        expect(parsed.event.sessionId).toHaveLength(36);
        expect(parsed.event.usage).toBeNull();
        return [parsed.event.name];
      });
      expect(names).toContain('AfterTool');
      expect(names).not.toContain('AfterModel');
    }
  });
});
