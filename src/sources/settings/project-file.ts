import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import type { SettingsLayer } from '../../core/settings/resolve.ts';
import { FileRefused, MAX_PROJECT_FILE_BYTES, readBounded } from '../../files/read-bounded.ts';
import { parseSettings } from './file.ts';

const PROJECT_FILE = '.tallyhook.json';

export interface FoundProjectFile {
  file: string | null;
  layer: SettingsLayer | null;
  warnings: string[];
}

/** The settings file in a project, if it can be read. */
export function projectLayer(cwd: string): FoundProjectFile {
  const match = findProjectFile(cwd);
  if (match === null) return { file: null, layer: null, warnings: [] };
  const { file, root } = match;
  try {
    const bytes = readBounded(file, { maxBytes: MAX_PROJECT_FILE_BYTES, within: root });
    const object = bytes === null ? null : parseSettings(bytes.toString('utf8'));
    if (object !== null) {
      return { file, layer: { by: 'project', path: file, object }, warnings: [] };
    }
    return { file, layer: null, warnings: [`${file}: is not a JSON object; ignored`] };
  } catch (error) {
    const reason =
      error instanceof FileRefused
        ? error.message
        : `${file} can't be read (${toErrorMessage(error)})`;
    return { file, layer: null, warnings: [`${reason}; ignored`] };
  }
}

/**
 * The nearest file from the folder up to the root of its repository; outside a repository, the folder's
 * own.
 * @returns also the folder that links of the file must not leave
 */
function findProjectFile(cwd: string): { file: string; root: string } | null {
  let match: string | null = null;
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, PROJECT_FILE);
    if (match === null && existsSync(path)) match = path;
    if (existsSync(join(folder, '.git'))) {
      return match === null ? null : { file: match, root: folder };
    }
    if (dirname(folder) === folder) break;
  }
  return match !== null && dirname(match) === start ? { file: match, root: start } : null;
}
