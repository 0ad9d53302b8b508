import { describe, expect, test } from 'vitest';
import { AGENTS, agentOfEvent } from '../../src/agents/registry.ts';
import { agentRuns } from '../helpers/agent-runs.ts';

const recorded = AGENTS.filter(({ eventSign }) => eventSign !== undefined).flatMap(({ name }) =>
  agentRuns(name).map((run) => ({ agent: name, name: run.name, events: run.events })),
);

/** Events as the agents' documentation shows them. */
const EVENTS: Record<string, object> = {
  codex: { session_id: 's', turn_id: 't', transcript_path: '/h/.codex/sessions/a.jsonl' },
  gemini: { session_id: 's', hook_event_name: 'AfterTool' },
  qwen: { hook_event_name: 'Stop', transcript_path: '/h/.qwen/projects/p/chats/s.jsonl' },
  droid: { hook_event_name: 'Stop', transcript_path: String.raw`C:\Users\u\.factory\s.jsonl` },
  copilot: { transcriptPath: '/h/.copilot/session-state/s/events.jsonl' },
  cline: { taskId: 's', hookName: 'TaskComplete' },
  'claude-code': { hook_event_name: 'Stop', transcript_path: '/h/.claude/projects/p/s.jsonl' },
};

describe('the agent of an event that was registered without --agent', () => {
  test.each(Object.entries(EVENTS))('%s', (name, event) => {
    const text = JSON.stringify(event);
    expect(agentOfEvent(null, text)?.name).toBe(name);
    expect(AGENTS.filter(({ eventSign }) => eventSign?.test(text) === true).length).toBeLessThan(2);
  });

  test('what a tool returned is no sign', () => {
    const output = JSON.stringify(EVENTS['gemini']);
    const event = { hook_event_name: 'PostToolUse', tool_response: output };
    expect(agentOfEvent(null, JSON.stringify(event))?.name).toBe('claude-code');
  });

  test.each(Object.values(EVENTS))('what a tool was given is no sign: %j', (input) => {
    const event = { hook_event_name: 'PreToolUse', tool_name: 'mcp__x__y', tool_input: input };
    const path = { transcript_path: '/h/.claude/projects/p/s.jsonl' };
    expect(agentOfEvent(null, JSON.stringify({ ...event, ...path }))?.name).toBe('claude-code');
    const listed = { ...path, tool_calls: [{ tool_input: { deep: [input] } }] };
    expect(agentOfEvent(null, JSON.stringify(listed))?.name).toBe('claude-code');
  });

  test.each(['{"turn_id": ', '["turn_id": 1]', '[{"turn_id": 1}]', '"\\"turn_id\\":"', 'null'])(
    'a text that is no event has no sign: %s',
    (text) => expect(agentOfEvent(null, text)?.name).toBe('claude-code'),
  );

  test('a name that was given decides', () => {
    expect(agentOfEvent('qwen', JSON.stringify(EVENTS['gemini']))?.name).toBe('qwen');
    expect(agentOfEvent('nobody', '{}')).toBeNull();
  });

  test.skipIf(recorded.length === 0)('no recorded event has the sign of two agents', () => {
    const guessed = recorded.flatMap(({ agent, events }) =>
      events.map((text) => ({ agent, guess: agentOfEvent(null, text)?.name })),
    );
    const isWrong = ({ agent, guess }: (typeof guessed)[number]): boolean =>
      guess !== agent && guess !== 'claude-code';
    expect(guessed.filter(isWrong)).toEqual([]);
    expect(guessed.filter(({ agent, guess }) => guess === agent).length).toBeGreaterThan(0);
  });
});
