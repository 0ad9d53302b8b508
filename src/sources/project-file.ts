import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { SettingsLayer } from '../core/settings/resolve.ts';
import { readSettingsFile } from './settings-file.ts';

const PROJECT_FILE = '.tallyhook.json';
/** A project's file comes with a repository that may be hostile: a few lines are all it can need. */
const LARGEST_PROJECT_FILE = 64 * 1024;

export interface FoundProjectFile {
  file: string | null;
  layer: SettingsLayer | null;
  warnings: string[];
}

/** The settings file that a project brings along, as far as it can be read. */
export function projectLayer(cwd: string): FoundProjectFile {
  const file = projectFile(cwd);
  if (file === null) return { file, layer: null, warnings: [] };
  const stat = statSync(file, { throwIfNoEntry: false });
  const isSmallFile = stat?.isFile() === true && stat.size <= LARGEST_PROJECT_FILE;
  const object = isSmallFile ? readSettingsFile(file) : null;
  if (object !== null) return { file, layer: { by: 'project', path: file, object }, warnings: [] };
  const warning = `${file}: is no JSON object of at most 64 kB that can be read; ignored`;
  return { file, layer: null, warnings: [warning] };
}

/** The nearest one from the folder up to the root of its repository; outside one, the folder's. */
function projectFile(cwd: string): string | null {
  let found: string | null = null;
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, PROJECT_FILE);
    if (found === null && existsSync(path)) found = path;
    if (existsSync(join(folder, '.git'))) return found;
    if (dirname(folder) === folder) break;
  }
  return found !== null && dirname(found) === start ? found : null;
}
