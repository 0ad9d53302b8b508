import { DEFAULT_PERCENTS } from '../../core/budget/spec.ts';
import { useModelAliases } from '../../core/model/model-name.ts';
import { foreignKeys, isSound } from '../../core/settings/checks.ts';
import { type Resolved, resolveSettings } from '../../core/settings/resolve.ts';
import type { Environment } from '../machine/paths.ts';
import { projectLayer } from './project-file.ts';
import { settingsBudgets } from './budgets.ts';
import { userLayer } from './file.ts';

export interface AllSettings extends Resolved {
  /** The project's settings file; null if there is none. */
  projectFile: string | null;
  /**
   * Entries of the project's file that are ignored. The file is not the user's, so these are shown only
   * on request.
   */
  projectWarnings: string[];
}

/** The effective settings for a command run in a folder: of the environment, the project and the user. */
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
  useModelAliases(settings.pricing.aliases);
  settingsBudgets(env, settings.budgets, DEFAULT_PERCENTS, settings.warnings);
  return { ...resolved, projectFile: project.file, projectWarnings };
}
