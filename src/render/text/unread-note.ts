import type { UnreadPath } from '../../core/transcript/unread.ts';
import { formatCount } from './number-format.ts';

/** Below a report: what it may lack; null if everything was read. */
export function unreadNote(unread: readonly UnreadPath[]): string | null {
  const [first] = unread;
  if (first === undefined) return null;
  const more = unread.length === 1 ? '' : `, and ${formatCount(unread.length - 1)} more`;
  return `not included: ${unreadText(first)}${more}. Run tallyhook doctor for details.`;
}

/** One path with what is wrong with it. */
export function unreadText({ path, reason }: UnreadPath): string {
  return `${path} (${reason})`;
}
