import type { HookAnswer } from '../core/hook/answer.ts';
import type { HookEvent } from '../core/hook/event.ts';
import type { AgentInstaller } from './installer.ts';
import type { AgentPlace, AgentSource } from './source.ts';

/** What tallyhook must know about a coding agent; nothing outside its folder knows its formats. */
export interface Agent {
  /** The name used by `--agent NAME` and in the `client` column. */
  name: string;
  /** Its proper name. */
  title: string;
  /** An event as received on stdin. */
  parseEvent(text: string): ParsedEvent;
  /** What the hook prints on stdout for the agent; null if there is nothing to print. */
  answerText(event: HookEvent, answer: HookAnswer): string | null;
  /** The kinds of files in which it logs its usage. */
  sources: readonly AgentSource[];
  /** Matches only its events, for a registration without `--agent`; absent: nothing distinguishes them. */
  eventSign?: RegExp;
  /** Whether the end of a turn may reach its file a moment after the event. */
  writesLate: boolean;
}

/** What only setting up and explaining an agent needs, so that the hook does not load it. */
export interface AgentSetup {
  installer: AgentInstaller;
  /** Its own folders: if one of them exists, the agent is on this machine. */
  folders(place: AgentPlace): string[];
  /** Its programs, which show the same; none where other tools have such a name too. */
  programs: readonly string[];
  /** Whether its hooks can refuse work, so that a budget can stop it; otherwise budgets only warn. */
  canRefuse: boolean;
  /** What its log or its hooks tell about a request, besides tokens and model. */
  shows: { subagents: boolean; branch: boolean; toolCalls: boolean };
  /** What the agent's own log can never show, one sentence each. */
  coverage: readonly string[];
}

/** `other`: well-formed, but of no interest. */
export type ParsedEvent =
  | { kind: 'event'; event: HookEvent }
  | { kind: 'other' }
  | { kind: 'malformed'; reason: string };
