import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSource, EventFiles } from '../../agents/source.ts';

/** No agent writes into folders deeper than this. */
const MAX_DEPTH = 8;

/** The paths of a source's files that an event is about. */
export function eventPaths(
  source: AgentSource,
  { files, folders, siblings }: EventFiles,
): string[] {
  const paths = [...files];
  for (const folder of folders) if (existsSync(folder)) collect(source, folder, 0, paths);
  if (siblings !== undefined) {
    for (const name of namesIn(siblings.folder)) {
      if (siblings.includes(name)) paths.push(join(siblings.folder, name));
    }
  }
  return [...new Set(paths)];
}

/** Every file of a source below a folder, sorted by path. */
export function pathsBelow(source: AgentSource, folder: string): string[] {
  const paths: string[] = [];
  collect(source, folder, 0, paths);
  return paths.sort();
}

function collect(source: AgentSource, folder: string, depth: number, into: string[]): void {
  if (depth > MAX_DEPTH) return;
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(source, path, depth + 1, into);
    else if (source.includes(path)) into.push(path);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
