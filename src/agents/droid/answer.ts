import type { HookAnswer } from '../../core/hook/answer.ts';
import type { HookEvent } from '../../core/hook/event.ts';
import type { JsonObject } from '../../core/lang/json.ts';

/** An answer in the format of droid's hooks, which is Claude Code's; null if there is nothing to say. */
export function droidAnswerText(event: HookEvent, answer: HookAnswer): string | null {
  const fields = buildFields(event, answer);
  return Object.keys(fields).length === 0 ? null : JSON.stringify(fields);
}

function buildFields(event: HookEvent, { stop, ask, notices }: HookAnswer): JsonObject {
  if (event.decision === null) return {};
  const notice = notices.length === 0 ? {} : { systemMessage: notices.join('\n') };
  if (stop === null) {
    if (ask === null || event.decision !== 'tool') return notice;
    return { ...notice, ...permission('ask', ask) };
  }
  const reason = `${stop.reason}\n${stop.remedy}`;
  switch (event.decision) {
    case 'prompt':
      return { ...notice, decision: 'block', reason };
    case 'tool':
      return { ...notice, ...permission('deny', reason) };
    case 'tool-batch':
      return {
        continue: false,
        stopReason: stop.reason,
        systemMessage: [stop.remedy, ...notices].join('\n'),
      };
    case 'compaction':
    case 'turn-end':
      return notice;
  }
}

function permission(permissionDecision: 'ask' | 'deny', reason: string): JsonObject {
  const hookEventName = 'PreToolUse';
  return {
    hookSpecificOutput: {
      hookEventName,
      permissionDecision,
      permissionDecisionReason: reason,
    },
  };
}
