import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Agent } from '../../agents/types.ts';

/** Folders deeper than this are nothing that a client writes. */
const MAX_DEPTH = 8;

/**
 * The transcript files of one session: the main one, its subagents' at any depth, and beside it
 * the subagents' of old clients, which may belong to any session of the folder.
 */
export function sessionTranscripts(agent: Agent, mainPath: string): string[] {
  const paths = [mainPath];
  const subagents = agent.sessionFolder(mainPath);
  if (existsSync(subagents)) collect(agent, subagents, 0, paths);
  const folder = dirname(mainPath);
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (agent.isOldAgentName(name) && path !== mainPath) paths.push(path);
  }
  return paths;
}

/** Every transcript below a folder, in the order of their paths. */
export function allTranscripts(agent: Agent, folder: string): string[] {
  const paths: string[] = [];
  collect(agent, folder, 0, paths);
  return paths.sort();
}

function collect(agent: Agent, folder: string, depth: number, into: string[]): void {
  if (depth > MAX_DEPTH) return;
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(agent, path, depth + 1, into);
    else if (agent.isTranscriptName(entry.name)) into.push(path);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
