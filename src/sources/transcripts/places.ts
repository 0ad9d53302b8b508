import { existsSync } from 'node:fs';
import type { AgentSource } from '../../agents/source.ts';
import type { Agent } from '../../agents/types.ts';
import { type Environment, agentPlace } from '../machine/paths.ts';
import { pathsBelow } from './tree.ts';

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

/** Where the agents of this machine keep what they log. */
export function searchPlaces(agents: readonly Agent[], env: Environment): SearchPlace[] {
  const place = agentPlace(env);
  return agents.flatMap((agent) =>
    agent.sources.map((source) => {
      return { agent, source, folders: source.folders(place).filter((path) => existsSync(path)) };
    }),
  );
}

/** Only one agent's files, in the given folders. */
export function placesOf(agent: Agent, folders: string[]): SearchPlace[] {
  return agent.sources.map((source) => ({ agent, source, folders }));
}

/** The files in the folders, those of each place sorted by path. */
export function filesIn(places: readonly SearchPlace[]): SourceFile[] {
  return places.flatMap(({ agent, source, folders }) =>
    [...new Set(folders.flatMap((folder) => pathsBelow(source, folder)))].map((path) => {
      return { agent, source, path };
    }),
  );
}

/** A file that was read before, by the path and agent that are stored; null if no source reads it now. */
export function knownFile(agent: Agent | null, path: string): SourceFile | null {
  const source = agent?.sources.find((one) => one.includes(path));
  return agent === null || source === undefined ? null : { agent, source, path };
}
