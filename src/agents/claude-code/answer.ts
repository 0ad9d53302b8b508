import type { HookAnswer } from '../../core/hook/answer.ts';
import type { HookEvent } from '../../core/hook/event.ts';
import type { JsonObject } from '../../core/lang/json.ts';

/** Prompts that Claude Code itself sends: long, and nothing that a user would want repeated. */
const MACHINE_PROMPT = /^\s*<task-notification>/;

/**
 * An answer in Claude Code's format (reference/claude-code-events.md, 5). Only the user sees the `reason`
 * of a refusal and the `systemMessage` of a synchronous hook. A `stopReason` is sent to the model with the
 * next prompt, so it does not contain the remedy.
 */
export function answerText(event: HookEvent, answer: HookAnswer): string | null {
  const fields = buildAnswerFields(event, answer);
  return Object.keys(fields).length === 0 ? null : JSON.stringify(fields);
}

function buildAnswerFields(event: HookEvent, { stop, ask, notices }: HookAnswer): JsonObject {
  const notice = notices.length === 0 ? {} : { systemMessage: notices.join('\n') };
  if (stop === null) {
    if (ask === null || event.decision !== 'tool') return notice;
    return { ...notice, ...permission('ask', ask) };
  }
  const reason = `${stop.reason}\n${stop.remedy}`;
  switch (event.decision) {
    case 'prompt':
      // The user's own prompt is shown with the reason, so that it can be sent again.
      return MACHINE_PROMPT.test(event.prompt ?? '')
        ? { ...notice, decision: 'block', reason, ...suppressed }
        : { ...notice, decision: 'block', reason };
    case 'compaction':
      return { ...notice, decision: 'block', reason };
    case 'tool-batch': {
      const systemMessage = [stop.remedy, ...notices].join('\n');
      return { continue: false, stopReason: stop.reason, systemMessage };
    }
    case 'tool':
    case 'turn-end':
    case null:
      return notice;
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
