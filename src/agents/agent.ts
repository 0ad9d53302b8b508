import type { Entry } from '../core/entry.ts';
import type { HookAnswer } from '../core/hook-answer.ts';
import type { HookEvent } from '../core/hook-event.ts';
import { claudeCode } from './claude-code/index.ts';
import type { AgentMetadata, TranscriptPlace } from './claude-code/tree.ts';

/** What tallyhook must know of a coding agent; nothing outside its folder knows its formats. */
export interface Agent {
  /** As `--agent NAME` and the `client` column name it. */
  name: string;
  /** An event as received on stdin. */
  parseEvent(text: string): ParsedEvent;
  /** What the agent is to read from the hook's stdout; null where there is nothing to say. */
  answerText(event: HookEvent, answer: HookAnswer): string | null;
  /** One transcript line; total. */
  parseLine(line: string): Entry;
  placeOf(path: string): TranscriptPlace;
  /** The folder of a session's subagents. */
  sessionFolder(mainPath: string): string;
  isTranscriptName(name: string): boolean;
  isOldAgentName(name: string): boolean;
  metadataPath(agentTranscriptPath: string): string;
  parseMetadata(text: string | null): AgentMetadata;
}

/** `other`: well-formed, nothing for us. */
export type ParsedEvent =
  | { kind: 'event'; event: HookEvent }
  | { kind: 'other' }
  | { kind: 'malformed'; reason: string };

const agents: Record<string, Agent> = { [claudeCode.name]: claudeCode };

export const DEFAULT_AGENT = claudeCode;

export function agentNamed(name: string): Agent | null {
  return Object.hasOwn(agents, name) ? (agents[name] ?? null) : null;
}
