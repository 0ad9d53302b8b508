import { expect, test } from 'vitest';
import { extracted } from '../../helpers/extracted.ts';
import { assistantLine } from '../../helpers/transcripts.ts';

const AT = '2026-11-20T10:00:00.000Z';

test.each([
  ['b1', 'b1'],
  [null, AT],
])('a boundary called %s empties the context and is a request that nobody bills', (uuid, key) => {
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
  const { steps, asides } = extracted(lines.map((line) => JSON.stringify(line)));
  expect(steps.map(({ step }) => [step.isReset, step.in])).toEqual([[true, [['p', 'u2', 2]]]]);
  expect(asides).toEqual([
    { sessionId: 's', kind: 'compaction', key, requests: 1, atMs: Date.parse(AT) },
  ]);
});
