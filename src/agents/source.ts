import type { HookEvent } from '../core/hook/event.ts';
import type { Entry } from '../core/transcript/entry.ts';
import type { TableRead } from '../core/transcript/table-read.ts';

/** Where an agent keeps its files on this machine. */
export interface AgentPlace {
  /** The home folder, with `/` as the separator. */
  home: string;
  env: Record<string, string | undefined>;
}

/**
 * What later lines, rows or documents of one file need from earlier ones, for example the model that
 * another line names. Plain JSON, stored beside the file's cursor; the parser changes it.
 */
export type Fold = Record<string, unknown>;

/** Files to read for one event; the folders are searched at any depth. */
export interface EventFiles {
  files: string[];
  folders: string[];
  /** Files directly in a folder, by their names. */
  siblings?: { folder: string; includes: (name: string) => boolean };
}

/** A kind of file in which an agent logs its usage. All functions are pure and never throw. */
interface SourceFiles {
  /** The folders that `import` searches at any depth. */
  folders(place: AgentPlace): string[];
  /** Whether a file in these folders belongs to the source; `/` separates the parts of its path. */
  includes(path: string): boolean;
  /** What the hook reads after an event, besides the files that the event names. */
  eventFiles(event: HookEvent, place: AgentPlace): EventFiles;
  /** What the path shows about the contents; entries may name their own session and subagent. */
  locate(path: string): TranscriptLocation;
  /** Small files that say more about this one, for example its project folder. Read before it. */
  companionPaths?(path: string): string[];
  /** @param texts of the companions in their order; null for one that can't be read */
  readCompanions?(texts: (string | null)[], fold: Fold): AgentMetadata | null;
}

/** Lines of JSON, appended. */
export interface LinesSource extends SourceFiles {
  kind: 'lines';
  /** The entries of one line: as a rule one. */
  parseLine(line: string, fold: Fold): Entry[];
}

/**
 * A file that is written anew when it changes, and is then read as a whole. Counters that only rise are
 * documents too: the fold holds the value that was last seen, and the increase is the request.
 */
export interface DocumentSource extends SourceFiles {
  kind: 'document';
  parseDocument(text: string, fold: Fold): Entry[];
}

/** A table of the agent's own SQLite file, opened read-only and never checkpointed. */
export interface TableSource extends SourceFiles {
  kind: 'table';
  table: TableRead;
  /** @param row by the names of `TableRead` */
  parseRow(row: Record<string, unknown>, fold: Fold): Entry[];
}

export type AgentSource = LinesSource | DocumentSource | TableSource;

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
