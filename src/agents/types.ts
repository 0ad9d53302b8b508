import type { Entry } from '../core/transcript/entry.ts';
import type { HookAnswer } from '../core/hook/answer.ts';
import type { HookEvent } from '../core/hook/event.ts';

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
  locateTranscript(path: string): TranscriptLocation;
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

/** How a transcript's place tells what it holds; pure text, `/` as the separator. */
export interface TranscriptLocation {
  kind: 'main' | 'sidechain';
  /** The session that the place names; empty where only the lines tell (old subagent files). */
  sessionId: string;
  agentId: string | null;
}

export interface AgentMetadata {
  agentType: string | null;
  parentAgentId: string | null;
  spawnToolUseId: string | null;
}
