/** One registration in Claude Code's settings, with its purpose. */
export interface RecordingHook {
  event: string;
  /** For events with a matcher: matches every tool. */
  matcher: '*' | null;
  /**
   * Claude Code does not wait. The output of such a hook would go to the model, and the end of a `-p` run
   * kills it (reference/claude-code-events.md, 0.6 and 0.7).
   */
  isAsync: boolean;
  timeoutSeconds: number;
  purpose: string;
}

/** The hooks needed for recording, most important first. */
export const RECORDING_HOOKS: readonly RecordingHook[] = [
  {
    event: 'PostToolUse',
    matcher: '*',
    isAsync: true,
    timeoutSeconds: 30,
    purpose: 'records new requests after every tool call',
  },
  {
    event: 'PostToolUseFailure',
    matcher: '*',
    isAsync: true,
    timeoutSeconds: 30,
    purpose: 'the same after a failed tool call',
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
    // Without an explicit timeout Claude Code allows 1.5 s.
    event: 'SessionEnd',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: "records the rest and Claude Code's own total",
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
 * Additional hooks for budgets: Claude Code waits for the answer of each, so each batch of tools starts
 * Node once more. None of them is registered for recording alone.
 */
export const ENFORCING_HOOKS: readonly RecordingHook[] = [
  {
    event: 'PostToolBatch',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: 'ends a turn or subagent whose budget is spent',
  },
  {
    event: 'UserPromptSubmit',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: 'blocks a prompt whose budget is spent',
  },
  {
    event: 'PreCompact',
    matcher: null,
    isAsync: false,
    timeoutSeconds: 10,
    purpose: 'prevents a compaction if its budget is spent',
  },
];

/** For budgets with the action `ask`; starts Node once more for each tool call. */
export const ASKING_HOOK: RecordingHook = {
  event: 'PreToolUse',
  matcher: '*',
  isAsync: false,
  timeoutSeconds: 10,
  purpose: 'asks before a tool call if its budget is spent',
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
