import type { HookAnswer } from '../../core/hook/answer.ts';
import type { HookEvent } from '../../core/hook/event.ts';
import { answerOf, fullReason, systemMessage } from '../shared/answers.ts';

/**
 * An answer in Codex's format, which allows no other fields: one that it does not know makes it ignore the
 * whole answer. It can't ask the user, so the question is shown as a message.
 */
export function codexAnswerText(event: HookEvent, answer: HookAnswer): string | null {
  const { stop, ask, notices } = answer;
  const messages = ask === null ? notices : [ask, ...notices];
  if (stop === null || event.decision === null) return answerOf(systemMessage(messages));
  const reason = fullReason(stop);
  if (event.decision === 'prompt') {
    return answerOf({ ...systemMessage(messages), decision: 'block', reason });
  }
  return answerOf({
    ...systemMessage([reason, ...messages]),
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      // The model reads this, so it does not contain the remedy.
      permissionDecisionReason: stop.reason,
    },
  });
}
