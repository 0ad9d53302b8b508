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

/** How each channel of core/alert/channels.ts sends. */
const TARGETS: Record<AlertChannel, FindTarget> = {
  desktop: findDesktop,
  webhook: findWebhook,
  email: findMailServer,
  ...CHAT_TARGETS,
};

export function channelTarget(
  channel: AlertChannel,
  { alerts }: Pick<Settings, 'alerts'>,
  env: Environment,
): Target | NoTarget {
  if (!channelsOn(alerts).includes(channel)) {
    return { problem: `${channel} is not set up: ${waysToSetUp(channel)}` };
  }
  const exposed = exposedSecrets(env);
  const own = Object.keys(CHANNELS[channel].settings).map((name) => `alerts.${name}`);
  if (exposed.keys.some((key) => own.includes(key))) {
    return { problem: `others can read the secrets in ${exposed.path}: chmod 600 ${exposed.path}` };
  }
  return TARGETS[channel](alerts, env);
}

/** The command that switches a channel on, and the variable that does. */
function waysToSetUp(channel: AlertChannel): string {
  const key = `alerts.${CHANNELS[channel].onBy}` as const;
  const { kind, environment = {} } = SETTINGS[key];
  if (kind.name !== 'switch') return `tallyhook config set ${key} - (it is read from stdin)`;
  const variables = Object.keys(environment).map((name) => `${name}=true, or `);
  return `${variables.join('')}tallyhook config set ${key} true`;
}

/** What is wrong with the settings of channels that are on. */
export function channelProblems(settings: Settings, env: Environment): Map<AlertChannel, string> {
  return new Map(
    channelsOn(settings.alerts).flatMap((channel) => {
      const target = channelTarget(channel, settings, env);
      return 'problem' in target ? [[channel, target.problem] as const] : [];
    }),
  );
}

/** A text for the database and for eyes: one line, without any secret that is set. */
export function redact(text: string, { alerts }: Pick<Settings, 'alerts'>): string {
  const values = alerts as Record<string, unknown>;
  const secrets = SETTING_KEYS.filter((key) => SETTINGS[key].kind.isSecret === true).flatMap(
    (key) => {
      const value = values[key.slice('alerts.'.length)];
      return typeof value === 'string' && value.length > 3 ? [value] : [];
    },
  );
  const bare = secrets.reduce((rest, secret) => rest.replaceAll(secret, '********'), text);
  return bare
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
