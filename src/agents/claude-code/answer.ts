import type { HookAnswer } from '../../core/hook/answer.ts';
import type { HookEvent } from '../../core/hook/event.ts';
import type { JsonObject } from '../../core/lang/json.ts';

/** What the client itself sends as a prompt: long, and nothing that a user would want back. */
const MACHINE_PROMPT = /^\s*<task-notification>/;

/**
 * An answer as the client takes it (reference/claude-code-events.md, 5). What is shown to the user
 * alone: `reason` of a refusal, `systemMessage` of a synchronous hook. A `stopReason` the model is
 * told with the next prompt, so that the way out does not stand in it.
 */
export function answerText(event: HookEvent, answer: HookAnswer): string | null {
  const fields = buildAnswerFields(event, answer);
  return Object.keys(fields).length === 0 ? null : JSON.stringify(fields);
}

function buildAnswerFields(event: HookEvent, { stop, ask, notices }: HookAnswer): JsonObject {
  const said = notices.length === 0 ? {} : { systemMessage: notices.join('\n') };
  if (stop === null) {
    if (ask === null || event.decision !== 'tool') return said;
    return { ...said, ...permission('ask', ask) };
  }
  const reason = `${stop.reason}\n${stop.remedy}`;
  switch (event.decision) {
    case 'prompt':
      // The user's own prompt is shown beside the reason, so that it can be sent again.
      return MACHINE_PROMPT.test(event.prompt ?? '')
        ? { ...said, decision: 'block', reason, ...suppressed }
        : { ...said, decision: 'block', reason };
    case 'compaction':
      return { ...said, decision: 'block', reason };
    case 'tool-batch': {
      const systemMessage = [stop.remedy, ...notices].join('\n');
      return { continue: false, stopReason: stop.reason, systemMessage };
    }
    case 'tool':
    case 'turn-end':
    case null:
      return said;
  }
}

const suppressed = {
  hookSpecificOutput: { hookEventName: 'UserPromptSubmit', suppressOriginalPrompt: true },
};

function permission(permissionDecision: 'ask', permissionDecisionReason: string): JsonObject {
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision,
      permissionDecisionReason,
    },
  };
}
