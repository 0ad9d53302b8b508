import { expect, test } from 'vitest';
import { parseTranscriptLine } from '../../../src/agents/claude-code/transcript.ts';
import { Extractor } from '../../../src/core/extract/extractor.ts';
import { initialThreadState } from '../../../src/core/thread.ts';
import { assistantLine } from '../../helpers/transcripts.ts';

const AT = '2026-11-20T10:00:00.000Z';

test.each([
  ['b1', 'b1'],
  [null, AT],
])('a boundary called %s empties the context and is a request that nobody bills', (uuid, key) => {
  const context = {
    client: 'claude-code',
    kind: 'main' as const,
    fileSessionId: 's',
    agentId: null,
    agentType: null,
    parentAgentId: null,
    spawnToolUseId: null,
    fallbackAtMs: 0,
  };
  const extractor = new Extractor(initialThreadState(), context, 'import');
  const lines = [
    { type: 'user', uuid: 'u1', parentUuid: null, message: { content: 'Work' } },
    {
      type: 'system',
      subtype: 'compact_boundary',
      ...(uuid === null ? {} : { uuid }),
      timestamp: AT,
    },
    { type: 'user', uuid: 'u2', parentUuid: null, message: { content: 'On' } },
    assistantLine({ session: 's', message: 'm1', uuid: 'u3', parent: 'u2' }),
  ];
  for (const line of lines) extractor.add(parseTranscriptLine(JSON.stringify(line)));
  const { steps, asides } = extractor.extraction;
  expect(steps.map(({ step }) => [step.isReset, step.in])).toEqual([[true, [['p', 'u2', 2]]]]);
  expect(asides).toEqual([
    { sessionId: 's', kind: 'compaction', key, requests: 1, atMs: Date.parse(AT) },
  ]);
});
