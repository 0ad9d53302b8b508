import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Agent } from '../../agents/types.ts';

/** Claude Code writes nothing into folders deeper than this. */
const MAX_DEPTH = 8;

/**
 * The transcript files of one session: the main one and its subagents' at any depth, and the subagent
 * files of old versions of Claude Code in the same folder, which may belong to any of its sessions.
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

/** Every transcript below a folder, sorted by path. */
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
