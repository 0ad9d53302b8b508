/**
 * What attribution is made from: for each request of a thread, what entered the context since the
 * request before it, and what its response wrote, by size. Steps are kept in the ledger; the shares of
 * a cost follow from them and from the request's record whenever they are asked for
 * (docs/adr/0009-shares-are-computed.md).
 */

/** What a piece of context is, in the letter that it is stored by. */
export const PIECE_KINDS = {
  prompt: 'p',
  system: 's',
  attachment: 'a',
  hookOutput: 'h',
  summary: 'm',
  toolResult: 'r',
  /** What a tool call brought beside its result: a skill's text. */
  toolContext: 'k',
  serverToolResult: 'v',
  text: 'x',
  thinking: 't',
  toolCall: 'c',
  serverToolCall: 'w',
  /** Lines that could not be read. */
  unreadable: 'u',
} as const;
export type PieceKind = (typeof PIECE_KINDS)[keyof typeof PIECE_KINDS];

/** A piece of the context: stored as it is, in JSON. */
export type Piece = [
  kind: PieceKind,
  /**
   * What tells it from others of its kind: a tool call's id, the line's uuid (its start), a server
   * tool's name, the path of an attached file; empty where all of a kind are one.
   */
  key: string,
  chars: number,
];

/** One request of a thread, as it is stored. */
export interface Step {
  /** What entered the context since the step before. */
  in: Piece[];
  /** What the response wrote. */
  out: Piece[];
  /** The context was emptied (a compaction) before `in` entered. */
  isReset?: true;
  /** The thread began before its first line here: what it had in its context is unknown. */
  isHalfway?: true;
  /** Tokens of the response that were thinking, where the vendor says so. */
  thinkingTokens?: number;
}

/** A step as it is read from a transcript, to be written. */
export interface StepDraft {
  /** The subagent whose thread it is; empty for the main thread. */
  agentId: string;
  /** Written inside another thread's file. */
  isInline: boolean;
  /** Its place among the steps of the file, from 0. */
  ordinal: number;
  recordId: string;
  /** Lines that it was made from: of two versions of one step the longer-read is kept. */
  lineCount: number;
  step: Step;
}
