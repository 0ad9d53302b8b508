/** The parts of a request's cost, each divided among its causes. */
export const PARTS = [
  /** What the model wrote. */
  'output',
  /** What entered the context since the thread's previous request. */
  'new-input',
  /** What was in the context already and was read from the cache. */
  'carried-input',
  /** What was in the context already and was billed as new input again, because its cache was lost. */
  'rewritten-input',
  /** The fee for searches, not their tokens. */
  'web-search',
] as const;
export type Part = (typeof PARTS)[number];

/** The kinds of causes of a cost. */
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

/** A cause as the context distinguishes it: each tool call is one, and each file. */
export interface CauseKey {
  cause: Cause;
  /**
   * The id of a tool call, `server:` and the name of a server tool, the path of an attached file, `listed`
   * for what the system lists in the conversation; otherwise empty.
   */
  detail: string;
}

/** The front of every conversation: the system prompt and the definitions of tools. */
export const SYSTEM_CAUSE: CauseKey = { cause: 'system', detail: '' };
export const TOOL_LIST_CAUSE: CauseKey = { cause: 'system', detail: 'listed' };

export function isBase({ cause, detail }: CauseKey): boolean {
  return cause === SYSTEM_CAUSE.cause && detail === SYSTEM_CAUSE.detail;
}

export const UNATTRIBUTED: CauseKey = { cause: '(unattributed)', detail: '' };
