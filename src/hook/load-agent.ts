import { claudeCode } from '../agents/claude-code/index.ts';
import type { Agent } from '../agents/types.ts';

declare const __dirname: string;

/** Names of bundles, so that no argument can name another file. */
const NAME = /^[a-z][a-z-]{0,30}$/;

/**
 * Claude Code is part of the hook's bundle; any other agent is a bundle of its own, loaded for its events
 * only.
 * @returns null for an unknown agent
 */
export function loadAgent(name: string): Agent | null {
  if (name === claudeCode.name) return claudeCode;
  if (!NAME.test(name)) return null;
  try {
    const loaded = require(`${__dirname}/agents/${name}.cjs`) as { agent?: Agent };
    return loaded.agent ?? null;
  } catch {
    return null;
  }
}
