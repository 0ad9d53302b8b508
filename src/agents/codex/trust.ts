import { asArray, asObject, asText, parseJson } from '../../core/lang/json.ts';
import { parseOwnCommand } from '../shared/own-command.ts';
import type { HookTrust } from '../installer.ts';
import { codexHome } from './rollout.ts';

/**
 * Codex keeps a hash of each hook that the user has approved, as
 * `[hooks.state."<file>:<event>:<group>:<hook>"] trusted_hash = "sha256:..."`. Whether the hash still fits
 * the hook is known only to Codex.
 */
export const codexTrust: HookTrust = {
  path: (place) => `${codexHome(place)}/config.toml`,
  untrustedEvents(hooksPath, hooksText, trustText) {
    const own = ownHooks(hooksText);
    const isTrusted = ({ event, place }: OwnHook): boolean =>
      hasTrust(trustText ?? '', `${hooksPath}:${toSnakeCase(event)}:${place}`);
    return [...new Set(own.filter((hook) => !isTrusted(hook)).map(({ event }) => event))];
  },
  fix: 'Start codex and trust the hooks when it asks, or enter /hooks in it',
};

interface OwnHook {
  event: string;
  /** The numbers of its group and of the hook in it. */
  place: string;
}

function ownHooks(text: string): OwnHook[] {
  const hooks = asObject(asObject(parseJson(text.replace(/^\uFEFF/, '')))?.['hooks']) ?? {};
  return Object.entries(hooks).flatMap(([event, groups]) =>
    asArray(groups).flatMap((group, groupIndex) =>
      asArray(asObject(group)?.['hooks']).flatMap((hook, index) => {
        const command = asText(asObject(hook)?.['command']);
        const isOwn = command !== null && parseOwnCommand(command) !== null;
        return isOwn ? [{ event, place: `${groupIndex}:${index}` }] : [];
      }),
    ),
  );
}

function hasTrust(toml: string, key: string): boolean {
  return [JSON.stringify(key), `'${key}'`].some((quoted) => {
    const at = toml.indexOf(quoted);
    if (at === -1) return false;
    const [own = ''] = toml.slice(at + quoted.length).split(/\n\s*\[|:\d+:\d+["']/);
    return /(?:^|[\s{.,])trusted_hash\s*=\s*["']./.test(own);
  });
}

function toSnakeCase(event: string): string {
  return event.replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
