import { existsSync } from 'node:fs';
import { claudeCode } from '../../agents/claude-code/index.ts';
import type { AgentSource } from '../../agents/source.ts';
import type { Agent } from '../../agents/types.ts';
import type { UnreadPath } from '../../core/transcript/unread.ts';
import { type Environment, agentPlace } from '../machine/paths.ts';
import { isArchive } from './archive.ts';
import { findTranscriptFolders } from './folders.ts';
import { type OnTreeError, pathsBelow } from './tree.ts';

/** One of an agent's files, and how to read it. */
export interface SourceFile {
  agent: Agent;
  source: AgentSource;
  path: string;
}

/** Folders in which an agent's files of one kind may be. */
export interface SearchPlace {
  agent: Agent;
  source: AgentSource;
  /** Those that exist. */
  folders: string[];
}

/** Where to look, and folders that should have been there or can't be read. */
export interface Search {
  places: SearchPlace[];
  unread: UnreadPath[];
}

/** Where the agents of this machine keep what they log. */
export function searchPlaces(agents: readonly Agent[], env: Environment): Search {
  const place = agentPlace(env);
  const { folders, unread } = findTranscriptFolders(env);
  const places = agents.flatMap((agent) =>
    agent.sources.map((source) => {
      const own = (): string[] => source.folders(place).filter((path) => existsSync(path));
      // People set the folder of Claude Code, and set it wrong.
      return { agent, source, folders: agent === claudeCode ? folders : own() };
    }),
  );
  return { places, unread };
}

/** Only one agent's files, in the given folders. */
export function placesOf(agent: Agent, folders: string[]): SearchPlace[] {
  return agent.sources.map((source) => ({ agent, source, folders }));
}

/** The files in the folders, compressed ones too, those of each place sorted by path. */
export function filesIn(places: readonly SearchPlace[], onError?: OnTreeError): SourceFile[] {
  return places.flatMap(({ agent, source, folders }) => {
    const includes = (path: string): boolean => source.includes(path) || isArchive(source, path);
    const paths = folders.flatMap((folder) => pathsBelow(folder, includes, onError));
    return [...new Set(paths)].map((path) => ({ agent, source, path }));
  });
}

/** A file that was read before, by the path and agent that are stored; null if no source reads it now. */
export function knownFile(agent: Agent | null, path: string): SourceFile | null {
  const source = agent?.sources.find((one) => one.includes(path) || isArchive(one, path));
  return agent === null || source === undefined ? null : { agent, source, path };
}
