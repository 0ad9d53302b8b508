/**
 * The basis of attribution: for each request of a thread, what entered the context since the previous
 * request, and what its response wrote, by size. The ledger stores steps; the shares of a cost are computed
 * on demand from them and from the request's record (docs/adr/0009-shares-are-computed.md).
 */

/** The kinds of pieces of a context, with the letter each is stored as. */
export const PIECE_KINDS = {
  prompt: 'p',
  system: 's',
  attachment: 'a',
  hookOutput: 'h',
  summary: 'm',
  toolResult: 'r',
  /** What a tool call added besides its result: the text of a skill. */
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

/** A piece of the context, stored in this form as JSON. */
export type Piece = [
  kind: PieceKind,
  /**
   * Distinguishes a piece from others of its kind: the id of a tool call, the start of the line's uuid, the
   * name of a server tool, the path of an attached file; empty if all pieces of a kind are one.
   */
  key: string,
  chars: number,
];

/** One request of a thread, as stored. */
export interface Step {
  /** What entered the context since the previous step. */
  in: Piece[];
  /** What the response wrote. */
  out: Piece[];
  /** The context was emptied (a compaction) before `in` entered. */
  isReset?: true;
  /** The thread began before its first line in this file: what its context held is unknown. */
  startsMidThread?: true;
  /** Tokens of the response that were thinking, if the vendor reports them. */
  thinkingTokens?: number;
}

/** A step read from a transcript, to be stored. */
export interface StepDraft {
  /** The subagent that the thread belongs to; empty for the main thread. */
  agentId: string;
  /** The thread is written inside another thread's file. */
  isInline: boolean;
  /** Its index among the steps of the file, from 0. */
  ordinal: number;
  recordId: string;
  /** The number of lines it was made from: of two versions of a step, the one with more lines is stored. */
  lineCount: number;
  step: Step;
}
