import { claudeCode } from '../agents/claude-code/index.ts';
import { type EventSign, guessAgent } from '../agents/sniff.ts';
import type { Agent } from '../agents/types.ts';

declare const __dirname: string;
/** Written into the bundle by scripts/build.mjs, from the agents' own `eventSign`. */
declare const AGENT_EVENT_SIGNS: readonly EventSign[];

/** Names of bundles, so that no argument can name another file. */
const NAME = /^[a-z][a-z-]{0,30}$/;

/**
 * Claude Code is part of the hook's bundle; any other agent is a bundle of its own, loaded for its events
 * only.
 * @param name null if it was registered without one
 * @returns null for an unknown agent
 */
export function loadAgent(name: string | null, eventText: string): Agent | null {
  const guess = name ?? guessAgent(eventText, AGENT_EVENT_SIGNS);
  if (guess === null || guess === claudeCode.name) return claudeCode;
  if (!NAME.test(guess)) return null;
  try {
    const loaded = require(`${__dirname}/agents/${guess}.cjs`) as { agent?: Agent };
    return loaded.agent ?? null;
  } catch {
    return null;
  }
}
