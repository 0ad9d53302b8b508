import * as z from 'zod/mini';

/** A text, or nothing: a field of another type is as good as absent, it fails no event. */
const text = z.catch(z.optional(z.string().check(z.minLength(1), z.maxLength(4096))), undefined);
const whole = z.catch(z.optional(z.int().check(z.nonnegative())), undefined);

/** A hook event as Claude Code 2.1 sends it; fields that we do not read are not listed. */
export const wireEvent = z.object({
  /** On every event. */
  hook_event_name: text,
  /** On every event. */
  session_id: text,
  /** On every event; the main transcript's, also inside a subagent. */
  transcript_path: text,
  /** On every event. */
  cwd: text,
  /** On every event after the first prompt. */
  prompt_id: text,
  /** On events inside a subagent. */
  agent_id: text,
  /** On events inside a subagent; empty for a compaction. */
  agent_type: text,
  /** On SubagentStop; of a compaction it names a file that never exists. */
  agent_transcript_path: text,
  /** On tool events. */
  tool_name: text,
  /** On tool events. */
  tool_use_id: text,
  /** On PostToolUse and PostToolUseFailure. */
  duration_ms: whole,
});

export type WireEvent = z.infer<typeof wireEvent>;
