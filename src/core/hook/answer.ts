/** What an agent is told when it asks whether to go on; each agent has its own words for it. */
export interface HookAnswer {
  /** The work may not go on. Null: it may. */
  stop: Block | null;
  /** Why the user is to be asked whether this tool call may run. */
  ask: string | null;
  /** Shown to the user, kept from the model; a line each. */
  notices: string[];
}

export interface Block {
  /** Why, in a sentence for each budget. */
  reason: string;
  /** What the user can do to go on. */
  remedy: string;
}
