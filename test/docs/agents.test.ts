import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OTHER_AGENTS } from '../../src/agents/registry.ts';
import { hookEvent } from '../../src/agents/shared/events.ts';
import { agentsSection } from '../helpers/agents-page.ts';
import { readDocument, root } from '../helpers/documents.ts';

const START = '<!-- agents -->\n';
const END = '<!-- end of agents -->\n';

test('docs/agents.md has what works for each agent (--update writes it)', async () => {
  const { text } = readDocument('docs/agents.md');
  const start = text.indexOf(START) + START.length;
  const end = text.indexOf(END);
  expect(start < end).toBe(true);
  const wanted = `${text.slice(0, start)}\n${agentsSection()}\n\n${text.slice(end)}`;
  await expect(wanted).toMatchFileSnapshot(join(root, 'docs/agents.md'));
});

test('a budget stops exactly those agents that give an answer to a blocked prompt', () => {
  const event = hookEvent({ name: 'UserPromptSubmit', decision: 'prompt' });
  const stop = { reason: 'daily has spent $20 of $20.', remedy: 'tallyhook budget allow daily' };
  const answering = OTHER_AGENTS.filter(
    ({ agent }) => agent.answerText(event, { stop, ask: null, notices: [] }) !== null,
  );
  const stopped = OTHER_AGENTS.filter(({ setup }) => setup.canRefuse);
  expect(answering).toEqual(stopped);
});
