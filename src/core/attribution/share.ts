/** The parts of a request's cost, each with causes of its own. */
export const PARTS = [
  /** What the model wrote. */
  'output',
  /** What entered the context since the thread's request before. */
  'new-input',
  /** What was in the context already, read from the cache. */
  'carried-input',
  /** What was in the context already, paid as new again: its cache was lost. */
  'rewritten-input',
  /** The fee of searches; tokens apart. */
  'web-search',
] as const;
export type Part = (typeof PARTS)[number];

/** What a cost is caused by. */
export const CAUSES = [
  'tool-use',
  'prompt',
  'text',
  'thinking',
  'system',
  'attachment',
  'hook-output',
  'summary',
  '(unattributed)',
] as const;
export type Cause = (typeof CAUSES)[number];

/** A cause, as far as the context tells it from others: of tool calls each is one, of files each. */
export interface CauseKey {
  cause: Cause;
  /**
   * A tool call's id; a server tool's name behind `server:`; an attached file's path; of what the system
   * lists in the conversation `listed`; else empty.
   */
  detail: string;
}

/** What stands in front of every conversation: the system prompt and the definitions of tools. */
export const SYSTEM_CAUSE: CauseKey = { cause: 'system', detail: '' };
export const TOOL_LIST_CAUSE: CauseKey = { cause: 'system', detail: 'listed' };

export function isBase({ cause, detail }: CauseKey): boolean {
  return cause === SYSTEM_CAUSE.cause && detail === SYSTEM_CAUSE.detail;
}

export const UNATTRIBUTED: CauseKey = { cause: '(unattributed)', detail: '' };
