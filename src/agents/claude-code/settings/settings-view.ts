import { getNodeValue } from 'jsonc-parser';
import { type JsonObject, asArray, asObject, asText, parseJson } from '../../../core/lang/json.ts';
import { parseJsonc } from '../../jsonc/parse.ts';
import { shellCommand } from '../../shared/own-command.ts';
import { findOwnHooks } from '../../shared/own-hooks.ts';

/** One hook of ours that settings register. */
export interface RegisteredHook {
  event: string;
  /** Null: every tool, or an event without a matcher. */
  matcher: string | null;
  /** The shell command; null for a hook over HTTP. */
  command: string | null;
  /** The runner, if any, and the hook's file; empty if unknown (HTTP, a plugin's script). */
  program: string[];
  /** The URL of a hook over HTTP. */
  url: string | null;
}

/** The parts of Claude Code's settings that affect recording. */
export interface SettingsView {
  hooks: RegisteredHook[];
  /** False: Claude Code silently ignores the whole file. */
  isStrictJson: boolean;
  hasHooksDisabled: boolean;
  /** Managed settings may allow only their own hooks. */
  isManagedOnly: boolean;
  /** After how many days Claude Code deletes transcripts; null: not set, so 30. */
  cleanupPeriodDays: number | null;
  /** Our plugins, `tallyhook@MARKETPLACE`, enabled or disabled in this file. */
  plugins: Record<string, boolean>;
  statusLine: string | null;
}

/** Reads a settings file of Claude Code. Never throws. @returns a problem that continues "settings.json " */
export function viewSettings(
  text: string,
): { ok: true; view: SettingsView } | { ok: false; problem: string } {
  const body = text.replace(/^\uFEFF/, '');
  const parsed = parseJsonc(body);
  if (!parsed.ok) return { ok: false, problem: `is not valid JSON (${parsed.problem})` };
  const { root } = parsed;
  const settings = root === null ? {} : asObject(getNodeValue(root));
  if (settings === null) return { ok: false, problem: 'does not hold a JSON object' };
  const own = root === null ? [] : findOwnHooks(root);
  const commands = own.map(({ event, entry, group, parsed: words }): RegisteredHook => {
    const { command, args } = asObject(getNodeValue(entry)) ?? {};
    const line = [String(command), ...asArray(args).map(String)];
    return {
      event,
      matcher: getMatcher(asObject(getNodeValue(group))),
      command: words === null ? shellCommand(line) : String(command),
      program: words?.program ?? line,
      url: null,
    };
  });
  const days = settings['cleanupPeriodDays'];
  const view = {
    hooks: [...commands, ...httpHooksIn(settings)],
    isStrictJson: body.trim() === '' || parseJson(body) !== undefined,
    hasHooksDisabled: settings['disableAllHooks'] === true,
    isManagedOnly: settings['allowManagedHooksOnly'] === true,
    cleanupPeriodDays: typeof days === 'number' ? days : null,
    plugins: ownPlugins(asObject(settings['enabledPlugins'])),
    statusLine: asText(asObject(settings['statusLine'])?.['command']),
  };
  return { ok: true, view };
}

function getMatcher(group: JsonObject | null): string | null {
  const matcher = asText(group?.['matcher']);
  return matcher === '' || matcher === '*' || matcher === '.*' ? null : matcher;
}

/** The hooks that `serve --hooks` prints: they post to a server's `/hook`. */
function httpHooksIn(settings: JsonObject): RegisteredHook[] {
  const events = Object.entries(asObject(settings['hooks']) ?? {});
  return events.flatMap(([event, groups]) =>
    asArray(groups).flatMap((value) => {
      const group = asObject(value);
      return asArray(group?.['hooks']).flatMap((entry): RegisteredHook[] => {
        const { type, url } = asObject(entry) ?? {};
        if (type !== 'http' || typeof url !== 'string' || !/^https?:\/\/[^/]+\/hook$/.test(url)) {
          return [];
        }
        return [{ event, matcher: getMatcher(group), command: null, program: [], url }];
      });
    }),
  );
}

function ownPlugins(enabled: JsonObject | null): Record<string, boolean> {
  const own = Object.entries(enabled ?? {}).filter(([name]) => name.startsWith('tallyhook@'));
  return Object.fromEntries(own.map(([name, value]) => [name, value === true]));
}
