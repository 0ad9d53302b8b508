import type { HookAnswer } from '../../core/hook/answer.ts';
import type { JsonObject } from '../../core/lang/json.ts';

/** An answer as text; null if there is nothing to say. */
export function answerOf(fields: JsonObject): string | null {
  return Object.keys(fields).length === 0 ? null : JSON.stringify(fields);
}

export function systemMessage(lines: readonly string[]): JsonObject {
  return lines.length === 0 ? {} : { systemMessage: lines.join('\n') };
}

/** The reason and what the user can do, where the agent shows one text only. */
export function fullReason({ reason, remedy }: NonNullable<HookAnswer['stop']>): string {
  return `${reason}\n${remedy}`;
}
