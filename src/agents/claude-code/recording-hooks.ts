/** One registration in Claude Code's settings, and why it is there. */
export interface RecordingHook {
  event: string;
  /** Where the event has something to match: every tool. */
  matcher: '*' | null;
  /**
   * The agent does not wait. Such a hook's output would go to the model, and the end of a `-p`
   * run kills it (reference/claude-code-events.md, 0.6 and 0.7).
   */
  isAsync: boolean;
  timeoutSeconds: number;
  purpose: string;
}

/** What recording needs, the most important first. */
export const RECORDING_HOOKS: readonly RecordingHook[] = [
  {
    event: 'PostToolUse',
    matcher: '*',
    isAsync: true,
    timeoutSeconds: 30,
    purpose: 'records what is new after every tool call',
  },
  {
    event: 'PostToolUseFailure',
    matcher: '*',
    isAsync: true,
    timeoutSeconds: 30,
    purpose: 'the same after a tool call that failed',
  },
  {
    event: 'Stop',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: "records the turn's last response",
  },
  {
    event: 'SubagentStop',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: "records a subagent's last response",
  },
  {
    // Without a timeout of its own the client allows 1.5 s.
    event: 'SessionEnd',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: "records the rest and the client's own total",
  },
  {
    event: 'SessionStart',
    matcher: null,
    isAsync: true,
    timeoutSeconds: 30,
    purpose: 'records where a session came from: resumed, forked, compacted',
  },
];

/**
 * What budgets need beside them: each is a question that the agent waits with, so a start of Node
 * for each batch of tools. None of them is registered for recording alone.
 */
export const ENFORCING_HOOKS: readonly RecordingHook[] = [
  {
    event: 'PostToolBatch',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: 'ends the turn, or the subagent, whose budget is spent',
  },
  {
    event: 'UserPromptSubmit',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: 'refuses a prompt whose budget is spent',
  },
  {
    event: 'PreCompact',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: 'keeps a compaction from starting on a budget that is spent',
  },
];

/** For budgets that ask; a second start of Node for each tool call. */
export const ASKING_HOOK: RecordingHook = {
  event: 'PreToolUse',
  matcher: '*',
  isAsync: false,
  timeoutSeconds: 10,
  purpose: 'asks before a tool call on a budget that is spent',
};

/** One element of an event's list in the settings. */
export function hookGroup(hook: RecordingHook, command: string): Record<string, unknown> {
  const entry = {
    type: 'command',
    command,
    ...(hook.isAsync ? { async: true } : {}),
    timeout: hook.timeoutSeconds,
  };
  return { ...(hook.matcher === null ? {} : { matcher: hook.matcher }), hooks: [entry] };
}
