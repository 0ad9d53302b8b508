import { claudeCode } from './claude-code/index.ts';
import { cline, clineSetup } from './cline/index.ts';
import { codex, codexSetup } from './codex/index.ts';
import { copilot, copilotSetup } from './copilot/index.ts';
import { droid, droidSetup } from './droid/index.ts';
import { gemini, geminiSetup } from './gemini/index.ts';
import { openCode, openCodeSetup } from './opencode/index.ts';
import { pi, piSetup } from './pi/index.ts';
import { qwen, qwenSetup } from './qwen/index.ts';
import { type EventSign, guessAgent } from './sniff.ts';
import type { Agent, AgentSetup } from './types.ts';

/** Every agent; Claude Code's set-up, which does more, is its own. */
const REGISTRY: readonly (readonly [Agent, AgentSetup | null])[] = [
  [claudeCode, null],
  [codex, codexSetup],
  [gemini, geminiSetup],
  [qwen, qwenSetup],
  [copilot, copilotSetup],
  [openCode, openCodeSetup],
  [cline, clineSetup],
  [droid, droidSetup],
  [pi, piSetup],
];

export const AGENTS: readonly Agent[] = REGISTRY.map(([agent]) => agent);

const byName = new Map(REGISTRY.map((entry) => [entry[0].name, entry]));

export function agentNamed(name: string): Agent | null {
  return byName.get(name)?.[0] ?? null;
}

/** What the agent's own log can never show; Claude Code's total shows what is missing. */
export function limitsOf(name: string): readonly string[] {
  return setupOf(name)?.coverage ?? [];
}

/** An agent with what setting it up needs. */
export interface AgentWithSetup {
  agent: Agent;
  setup: AgentSetup;
}

/** Every agent but Claude Code. */
export const OTHER_AGENTS: readonly AgentWithSetup[] = REGISTRY.flatMap(([agent, setup]) =>
  setup === null ? [] : [{ agent, setup }],
);

/** Null for Claude Code, and for an unknown name. */
export function setupOf(name: string): AgentSetup | null {
  return byName.get(name)?.[1] ?? null;
}

const EVENT_SIGNS: readonly EventSign[] = AGENTS.flatMap(({ name, eventSign }) =>
  eventSign === undefined ? [] : [[eventSign.source, name] as const],
);

/** The agent of an event. @param name null if it was registered without one */
export function agentOfEvent(name: string | null, eventText: string): Agent | null {
  return agentNamed(name ?? guessAgent(eventText, EVENT_SIGNS) ?? claudeCode.name);
}
