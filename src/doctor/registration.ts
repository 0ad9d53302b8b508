import {
  type RegisteredHook,
  type SettingsView,
  viewSettings,
} from '../agents/claude-code/settings/settings-view.ts';
import { asArray, asObject, asText, parseJson } from '../core/lang/json.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import {
  type SettingsScope,
  pluginFolder,
  pluginHooks,
  settingsFiles,
} from '../sources/settings/client-scopes.ts';
import type { Environment } from '../sources/machine/paths.ts';
import { openTextFile } from '../sources/files/text.ts';

export interface SettingsFile {
  scope: SettingsScope;
  path: string;
  /** Null if the file can't be read; `problem` says why. */
  view: SettingsView | null;
  problem: string | null;
}

/** A hook with the place that registers it. */
export interface LocatedHook extends RegisteredHook {
  /** A settings file, or `the plugin NAME`. */
  where: string;
  /** The value of CLAUDE_PLUGIN_ROOT for a plugin's command; null in settings. */
  pluginRoot: string | null;
}

export interface RegisteredHooks {
  /** Settings files that exist. */
  files: SettingsFile[];
  /** Plugins of ours that are enabled; `folder` is null if it is missing. */
  plugins: { name: string; folder: string | null }[];
  /** Hooks that Claude Code would run: from settings files that it does not ignore, and from plugins. */
  hooks: LocatedHook[];
}

/** Reads everything that may register our hooks for a folder. Never throws. */
export function readRegistration(env: Environment, cwd: string): RegisteredHooks {
  const files = settingsFiles(env, cwd).flatMap(([scope, path]) => {
    const isProjects = scope === 'project' || scope === 'local';
    return readFile(scope, path, isProjects ? cwd : null);
  });
  const switches = Object.assign({}, ...files.map(({ view }) => view?.plugins ?? {})) as Record<
    string,
    boolean
  >;
  const names = Object.keys(switches).filter((name) => switches[name] === true);
  const plugins = names.map((name) => ({ name, folder: pluginFolder(env, name) }));
  const hooks = files.flatMap(({ path, view }): LocatedHook[] =>
    (view?.isStrictJson === true ? view.hooks : []).map((hook) => {
      return { ...hook, where: path, pluginRoot: null };
    }),
  );
  return { files, plugins, hooks: [...hooks, ...plugins.flatMap(hooksOfPlugin)] };
}

function readFile(scope: SettingsScope, path: string, within: string | null): SettingsFile[] {
  try {
    const { text } = openTextFile(path, within);
    if (text === null) return [];
    const parsed = viewSettings(text);
    const { view, problem } = parsed.ok ? { ...parsed, problem: null } : { ...parsed, view: null };
    return [{ scope, path, view, problem }];
  } catch (error) {
    return [{ scope, path, view: null, problem: `can't be read (${toErrorMessage(error)})` }];
  }
}

/** Takes every hook of the plugin: its commands run its own script, which can't be recognised by name. */
function hooksOfPlugin({ name, folder }: RegisteredHooks['plugins'][number]): LocatedHook[] {
  const text = folder === null ? null : pluginHooks(folder);
  const events = asObject(asObject(parseJson(text ?? ''))?.['hooks']) ?? {};
  return Object.entries(events).flatMap(([event, groups]) =>
    asArray(groups)
      .map(asObject)
      .flatMap((group) =>
        asArray(group?.['hooks'])
          .map(asObject)
          .map((entry) => ({
            event,
            matcher: group?.['matcher'] === '*' ? null : asText(group?.['matcher']),
            command: asText(entry?.['command']) ?? '',
            program: [],
            url: null,
            where: `the plugin ${name}`,
            pluginRoot: folder,
          })),
      ),
  );
}
