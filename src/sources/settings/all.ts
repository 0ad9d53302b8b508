import { DEFAULT_PERCENTS } from '../../core/budget/spec.ts';
import { foreignKeys, isSound } from '../../core/settings/checks.ts';
import { type Resolved, resolveSettings } from '../../core/settings/resolve.ts';
import type { Environment } from '../machine/paths.ts';
import { projectLayer } from './project-file.ts';
import { settingsBudgets } from './budgets.ts';
import { userLayer } from './file.ts';

export interface AllSettings extends Resolved {
  /** The project's settings file; null where there is none. */
  projectFile: string | null;
  /** What of the project's file does not count. It is a stranger's file: only who asks is told. */
  projectWarnings: string[];
}

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
  settingsBudgets(env, settings.budgets, DEFAULT_PERCENTS, settings.warnings);
  return { ...resolved, projectFile: project.file, projectWarnings };
}
