import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { qwen } from '../../../src/agents/qwen/index.ts';
import {
  type ExpectedRequest,
  countsOf,
  expectedRequests,
  recordsBelow,
} from '../../helpers/agent-files.ts';
import { sharedFolder } from '../../helpers/shared.ts';

const runs = sharedFolder('real/other-agents/qwen');

/** Qwen Code logs cache writes as input. */
function withoutCacheWrites(path: string): ExpectedRequest[] {
  const requests = expectedRequests(path).map((request) => ({
    ...request,
    input: request.input + request.cacheWrite,
    cacheWrite: 0,
  }));
  return requests.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe.skipIf(runs === null)('recorded runs of Qwen Code', () => {
  test.each(runs === null ? [] : readdirSync(runs))('%s equals what the server sent', (run) => {
    const records = recordsBelow('qwen', qwen.sources, `${runs}/${run}/home`);
    expect(countsOf(records)).toEqual(withoutCacheWrites(`${runs}/${run}/expected.json`));
    expect(records.every(({ claim }) => claim.clientVersion === '0.24.4')).toBe(true);
    expect(records.every(({ claim }) => claim.cwd === '/home/user/project')).toBe(true);
  });

  test('a fork’s requests are those that it made itself', () => {
    const records = recordsBelow('qwen', qwen.sources, `${runs}/resume-fork/home`);
    expect(new Set(records.map(({ claim }) => claim.sessionId)).size).toBe(2);
  });

  test('a subagent has its id, its type and a prompt', () => {
    const records = recordsBelow('qwen', qwen.sources, `${runs}/subagent/home`);
    const ofAgent = records.filter(({ claim }) => !claim.isMainThread);
    expect(ofAgent.map(({ claim }) => claim.agentType)).toEqual([
      'general-purpose',
      'general-purpose',
    ]);
    expect(records.every(({ claim }) => claim.promptId !== null)).toBe(true);
    expect(records.some(({ toolName }) => toolName === 'agent')).toBe(true);
  });

  test('events have a session and a transcript', () => {
    for (const run of runs === null ? [] : readdirSync(runs)) {
      const lines = readFileSync(`${runs}/${run}/events.jsonl`, 'utf8').split('\n').filter(Boolean);
      for (const line of lines) {
        const parsed = qwen.parseEvent(line);
        if (parsed.kind !== 'event') throw new Error(`not an event: ${line}`);
        expect(parsed.event.sessionId).toHaveLength(36);
        expect(parsed.event.transcriptPath).toMatch(/\/chats\/[\w-]+\.jsonl$/);
        expect(parsed.event.agentTranscriptPath).toBeNull();
        expect(parsed.event.toolUseId ?? 'call_').toMatch(/^call_/);
      }
    }
  });
});
