import { expect, test } from 'vitest';
import { extracted } from '../../helpers/extracted.ts';
import { assistantLine } from '../../helpers/transcripts.ts';

test('an attachment within a subagent that is not named belongs to it, and does not end it', () => {
  const side = { sessionId: 's', isSidechain: true };
  const request = (uuid: string, parent: string): object => {
    const { agentId: _, ...line } = assistantLine({
      session: 's',
      message: uuid,
      agent: '',
      uuid,
      parent,
    });
    return line;
  };
  const lines = [
    { ...side, type: 'user', uuid: 'u1', parentUuid: null, message: { content: 'Work' } },
    request('u2', 'u1'),
    {
      ...side,
      type: 'attachment',
      uuid: 'u3',
      parentUuid: 'u2',
      attachment: { type: 'file', filename: '/a', content: 'abc' },
    },
    request('u4', 'u3'),
  ];
  const { steps } = extracted(lines.map((line) => JSON.stringify(line)));
  expect(steps.map(({ agentId, step }) => [agentId, step.in])).toEqual([
    ['u1', [['p', 'u1', 4]]],
    ['u1', [['a', '/a', 3]]],
  ]);
});
