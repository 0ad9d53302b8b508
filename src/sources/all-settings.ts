import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { foreignKeys, isSound } from '../core/settings/checks.ts';
import { type Resolved, type SettingsLayer, resolveSettings } from '../core/settings/resolve.ts';
import type { Environment } from './paths.ts';
import { readSettingsFile, userLayer } from './settings-file.ts';

export interface AllSettings extends Resolved {
  /** The project's settings file; null where there is none. */
  projectFile: string | null;
  /** What of the project's file does not count. It is a stranger's file: only who asks is told. */
  projectWarnings: string[];
}

const PROJECT_FILE = '.tallyhook.json';
/** A project's file comes with a repository that may be hostile: a few lines are all it can need. */
const LARGEST_PROJECT_FILE = 64 * 1024;

/** The settings that count for a command run in a folder: the environment's, its project's, the user's. */
export function readAllSettings(env: Environment, cwd: string): AllSettings {
  const user = userLayer(env);
  const project = projectLayer(cwd);
  const layers = [project.layer, user.layer].filter((layer) => layer !== null);
  const resolved = resolveSettings(env, layers, isSound);
  const { settings } = resolved;
  const isOfProject = (warning: string): boolean =>
    project.file !== null && warning.startsWith(`${project.file}: `);
  const projectWarnings = [
    ...project.warnings,
    ...settings.warnings.filter(isOfProject),
    ...(project.layer === null ? [] : foreignKeys(project.layer)),
  ];
  settings.warnings = [
    ...user.warnings,
    ...settings.warnings.filter((warning) => !isOfProject(warning)),
    ...(user.layer === null ? [] : foreignKeys(user.layer)),
  ];
  return { ...resolved, projectFile: project.file, projectWarnings };
}

interface FoundProject {
  file: string | null;
  layer: SettingsLayer | null;
  warnings: string[];
}

function projectLayer(cwd: string): FoundProject {
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
