/** Common fields come first in every agent's events, before those of the tool. */
const HEAD_CHARS = 4096;

/**
 * What only one agent's events contain. Quotes inside a JSON text are escaped, so the contents of a tool's
 * result can't look like a field.
 */
const SIGNS: readonly (readonly [sign: RegExp, agent: string])[] = [
  [/"hook_event_name"\s*:\s*"(?:(?:Before|After)(?:Tool|Agent|Model)|PreCompress)"/, 'gemini'],
  [/"transcript_path"\s*:\s*"[^"]*[/\\]\.qwen[/\\]/, 'qwen'],
  [/"transcript_path"\s*:\s*"[^"]*[/\\]\.factory[/\\]/, 'droid'],
  [/"transcript_?[pP]ath"\s*:\s*"[^"]*[/\\]\.copilot[/\\]/, 'copilot'],
  [/"turn_id"\s*:/, 'codex'],
  [/"hookName"\s*:[^]*"taskId"\s*:|"taskId"\s*:[^]*"hookName"\s*:/, 'cline'],
];

/**
 * The agent that most likely sent an event, for a registration without `--agent`; `claude-code` if nothing
 * speaks for another one.
 */
export function guessAgent(eventText: string): string {
  const head = eventText.slice(0, HEAD_CHARS);
  return SIGNS.find(([sign]) => sign.test(head))?.[1] ?? 'claude-code';
}
