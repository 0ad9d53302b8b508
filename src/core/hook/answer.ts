/** The answer to an agent that asks whether to continue; each agent formats it in its own way. */
export interface HookAnswer {
  /** The agent must not continue. Null: it may. */
  stop: Block | null;
  /** Why the user must be asked before this tool call runs. */
  ask: string | null;
  /** Shown to the user but not to the model; one line each. */
  notices: string[];
}

export interface Block {
  /** The reason, in one sentence per budget. */
  reason: string;
  /** What the user can do to continue. */
  remedy: string;
}
