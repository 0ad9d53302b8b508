import type { CauseKey, Part } from '../../core/attribution/share.ts';
import type { ToolFacts } from '../../store/attribution/reader.ts';

/** Groupings that apply only to shares of a request's cost. */
export const CAUSE_DIMENSIONS = ['cause', 'part', 'file', 'command', 'plugin'] as const;
/** Groupings that a request takes from its first tool call, and a share from its own cause. */
export const ATTRIBUTABLE = ['tool', 'mcp-server', 'skill'] as const;
export type CauseDimension = (typeof CAUSE_DIMENSIONS)[number];
export type ShareDimension = CauseDimension | (typeof ATTRIBUTABLE)[number];

const SERVER_TOOL = 'server:';

/** The id of the tool call that is the cause; null for any other cause, and for a server tool. */
export function getToolUseId({ cause, detail }: CauseKey): string | null {
  return cause === 'tool-use' && !detail.startsWith(SERVER_TOOL) ? detail : null;
}

/** A server tool has no call of its own in the ledger: only its name is known. */
export function serverTool({ cause, detail }: CauseKey): string | null {
  return cause === 'tool-use' && detail.startsWith(SERVER_TOOL)
    ? detail.slice(SERVER_TOOL.length)
    : null;
}

/** @param tool null if the cause is not a tool call, or nothing is known about it */
export function shareKey(
  name: ShareDimension,
  key: CauseKey,
  part: Part,
  tool: ToolFacts | null,
): string | null {
  switch (name) {
    case 'cause':
      return key.cause;
    case 'part':
      return part;
    case 'tool':
      return key.cause === '(unattributed)' ? key.cause : (tool?.name ?? serverTool(key));
    case 'mcp-server':
      return tool?.mcpServer ?? null;
    case 'skill':
      return tool?.skill ?? null;
    case 'plugin':
      return tool?.plugin ?? null;
    case 'file':
      return (
        tool?.filePath ?? (key.cause === 'attachment' && key.detail !== '' ? key.detail : null)
      );
    case 'command':
      return tool?.commandWord ?? null;
  }
}
