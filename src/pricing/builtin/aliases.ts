/**
 * Names that no rule of `canonicalModel` covers, each with its origin. Names that rules do cover (dates,
 * prefixes, `-4-0`, word order) do not belong here.
 */

/** Another spelling, in canonical form → the model whose price applies. */
export const SPELLINGS: readonly (readonly [string, string])[] = [
  // GitHub Copilot's name for Sonnet 3.7 with thinking on; thinking is billed as output.
  ['claude-3-7-sonnet-thought', 'claude-3-7-sonnet'],
  // Antigravity's and CLIProxyAPI's names for the same models with thinking on.
  ['claude-sonnet-4-thinking', 'claude-sonnet-4'], // CLIProxyAPI, Cursor (claude-4-sonnet-thinking)
  ['claude-sonnet-4-5-thinking', 'claude-sonnet-4-5'], // Antigravity; Cursor (claude-4.5-sonnet-thinking)
  ['claude-opus-4-5-thinking', 'claude-opus-4-5'], // Antigravity
  ['claude-sonnet-4-6-thinking', 'claude-sonnet-4-6'], // Antigravity
  ['claude-opus-4-6-thinking', 'claude-opus-4-6'], // Antigravity
];

interface RetiredName {
  /** The name in the vendor's own API, without a cloud's prefix or a router's path. */
  name: string;
  /** The day (UTC) from which the vendor's API no longer served it. */
  from: string;
  /** The family whose newest model Claude Code requests instead. */
  family: string;
}

/**
 * Claude Code requests the current Opus if the user names Opus 4 or 4.1 on the vendor's own API (not on
 * Bedrock or Vertex, which still serve them). Measured with 2.1.330 for `claude-opus-4-0`; the list of four
 * names is Claude Code's own.
 *
 * Requests before the day the API stopped serving a model keep its price, because until then the model
 * named in a transcript is the one that was billed. Days from the vendor's page "Model deprecations".
 */
export const RETIRED_NAMES: readonly RetiredName[] = [
  { name: 'claude-opus-4-0', from: '2026-06-15', family: 'opus' }, // measured
  { name: 'claude-opus-4-20250514', from: '2026-06-15', family: 'opus' }, // Claude Code's list
  { name: 'claude-opus-4-1', from: '2026-08-05', family: 'opus' }, // Claude Code's list
  { name: 'claude-opus-4-1-20250805', from: '2026-08-05', family: 'opus' }, // Claude Code's list
];
