import type { Entry } from '../core/transcript/entry.ts';
import type { HookAnswer } from '../core/hook/answer.ts';
import type { HookEvent } from '../core/hook/event.ts';

/** What tallyhook must know about a coding agent; nothing outside its folder knows its formats. */
export interface Agent {
  /** The name used by `--agent NAME` and in the `client` column. */
  name: string;
  /** An event as received on stdin. */
  parseEvent(text: string): ParsedEvent;
  /** What the hook prints on stdout for the agent; null if there is nothing to print. */
  answerText(event: HookEvent, answer: HookAnswer): string | null;
  /** The entries of one line of a transcript: as a rule one. Total. */
  parseLine(line: string): Entry[];
  locateTranscript(path: string): TranscriptLocation;
  /** The folder of a session's subagents. */
  sessionFolder(mainPath: string): string;
  isTranscriptName(name: string): boolean;
  isOldAgentName(name: string): boolean;
  metadataPath(agentTranscriptPath: string): string;
  parseMetadata(text: string | null): AgentMetadata;
}

/** `other`: well-formed, but of no interest. */
export type ParsedEvent =
  | { kind: 'event'; event: HookEvent }
  | { kind: 'other' }
  | { kind: 'malformed'; reason: string };

/** What a transcript's path shows about its contents; paths use `/` as the separator. */
export interface TranscriptLocation {
  kind: 'main' | 'sidechain';
  /** The session named by the path; empty if only the lines name it (old subagent files). */
  sessionId: string;
  agentId: string | null;
}

export interface AgentMetadata {
  agentType: string | null;
  parentAgentId: string | null;
  spawnToolUseId: string | null;
}
