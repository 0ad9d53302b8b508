import type { HookAnswer } from '../../core/hook/answer.ts';
import type { HookEvent } from '../../core/hook/event.ts';
import { answerOf, fullReason, systemMessage } from '../shared/answers.ts';

/** An answer in Qwen Code's format, which is Claude Code's. */
export function qwenAnswerText(event: HookEvent, answer: HookAnswer): string | null {
  const { stop, ask, notices } = answer;
  const notice = systemMessage(notices);
  if (stop !== null && (event.decision === 'prompt' || event.decision === 'tool-batch')) {
    return answerOf({ ...notice, decision: 'block', reason: fullReason(stop) });
  }
  if (ask === null || event.decision !== 'tool') return answerOf(notice);
  return answerOf({
    ...notice,
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'ask',
      permissionDecisionReason: ask,
    },
  });
}
