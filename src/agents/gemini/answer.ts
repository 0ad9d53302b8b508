import type { HookAnswer } from '../../core/hook/answer.ts';
import type { HookEvent } from '../../core/hook/event.ts';
import { answerOf, fullReason, systemMessage } from '../shared/answers.ts';

/** An answer in Gemini CLI's format; its user sees all of these texts. */
export function geminiAnswerText(event: HookEvent, answer: HookAnswer): string | null {
  const { stop, ask, notices } = answer;
  if (stop === null) {
    if (ask === null || event.decision !== 'tool') return answerOf(systemMessage(notices));
    return answerOf({ decision: 'ask', ...systemMessage([ask, ...notices]) });
  }
  switch (event.decision) {
    case 'prompt':
      // "deny" also discards the prompt: with "continue": false it would be in the next request.
      // A message is shown in place of the reason.
      return answerOf({
        decision: 'deny',
        reason: fullReason(stop),
        ...systemMessage([fullReason(stop), ...notices]),
      });
    case 'tool-batch':
      return answerOf({
        continue: false,
        stopReason: stop.reason,
        ...systemMessage([stop.remedy, ...notices]),
      });
    default:
      return answerOf(systemMessage(notices));
  }
}
