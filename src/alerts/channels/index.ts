import { type AlertChannel, channelsOn } from '../../core/alert/alert.ts';
import { CHANNELS } from '../../core/alert/channels.ts';
import { SETTINGS, SETTING_KEYS } from '../../core/settings/table.ts';
import type { Environment } from '../../sources/machine/paths.ts';
import { exposedSecrets } from '../../sources/settings/private.ts';
import type { Settings } from '../../sources/settings/file.ts';
import { CHAT_TARGETS } from './chat.ts';
import { findDesktop } from './desktop.ts';
import { findMailServer } from './email.ts';
import type { FindTarget, NoTarget, Target } from './target.ts';
import { findWebhook } from './webhook.ts';

/** How each channel of core/alert/channels.ts is sent. */
const TARGETS: Record<AlertChannel, FindTarget> = {
  desktop: findDesktop,
  webhook: findWebhook,
  email: findMailServer,
  ...CHAT_TARGETS,
};

/** The target of a channel, or why it can't be used. */
export function channelTarget(
  channel: AlertChannel,
  { alerts }: Pick<Settings, 'alerts'>,
  env: Environment,
): Target | NoTarget {
  if (!channelsOn(alerts).includes(channel)) {
    return { problem: `${channel} is not set up: ${waysToSetUp(channel)}` };
  }
  const exposed = exposedSecrets(env);
  const ownKeys = Object.keys(CHANNELS[channel].settings).map((name) => `alerts.${name}`);
  if (exposed.keys.some((key) => ownKeys.includes(key))) {
    return { problem: `others can read the secrets in ${exposed.path}: chmod 600 ${exposed.path}` };
  }
  return TARGETS[channel](alerts, env);
}

/** The command, and the environment variable if there is one, that switches a channel on. */
function waysToSetUp(channel: AlertChannel): string {
  const key = `alerts.${CHANNELS[channel].onBy}` as const;
  const { kind, environment = {} } = SETTINGS[key];
  if (kind.name !== 'switch') return `tallyhook config set ${key} - (reads the value from stdin)`;
  const variables = Object.keys(environment).map((name) => `${name}=true, or `);
  return `${variables.join('')}tallyhook config set ${key} true`;
}

/** Why channels that are on can't be used; channels without a problem are not in the map. */
export function channelProblems(settings: Settings, env: Environment): Map<AlertChannel, string> {
  return new Map(
    channelsOn(settings.alerts).flatMap((channel) => {
      const target = channelTarget(channel, settings, env);
      return 'problem' in target ? [[channel, target.problem] as const] : [];
    }),
  );
}

/** Makes a text safe to store and to show: one line of at most 200 characters, with secrets masked. */
export function redact(text: string, { alerts }: Pick<Settings, 'alerts'>): string {
  const values = alerts as Record<string, unknown>;
  const secrets = SETTING_KEYS.filter((key) => SETTINGS[key].kind.isSecret === true).flatMap(
    (key) => {
      const value = values[key.slice('alerts.'.length)];
      return typeof value === 'string' && value.length > 3 ? [value] : [];
    },
  );
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, '********'), text);
  return masked
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
