import type { HookEvent } from '../../src/core/hook/event.ts';

/** The event after a tool call, as an agent's module gives it; what is given is otherwise. */
export function hookEvent(over: Partial<HookEvent> = {}): HookEvent {
  return {
    name: 'PostToolUse',
    phase: 'tool',
    decision: null,
    sessionId: 's1',
    transcriptPath: null,
    agentTranscriptPath: null,
    promptId: null,
    prompt: null,
    agentId: null,
    agentType: null,
    cwd: null,
    toolName: 'Bash',
    toolUseId: 'toolu_1',
    pendingTools: [],
    toolResult: null,
    usage: null,
    ...over,
  };
}
