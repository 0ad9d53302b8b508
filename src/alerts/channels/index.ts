import { type AlertChannel, channelsOn } from '../../core/alert/alert.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey } from '../../core/settings/table.ts';
import type { AlertJson } from '../../reports/alerts.ts';
import type { Environment } from '../../sources/machine/paths.ts';
import { exposedSecrets } from '../../sources/settings/private.ts';
import type { Settings } from '../../sources/settings/file.ts';
import { sendNtfy, sendSlack } from './chat.ts';
import { sendDesktop } from './desktop.ts';
import { type MailServer, sendEmail } from './email.ts';
import { sendWebhook } from './webhook.ts';

/** Where one channel's alerts go. */
export interface Target {
  /** @returns what is worth a note @throws anything; it may tell a secret: see `redact` */
  send: (alert: AlertJson, nowMs: number, timeoutMs: number) => Promise<string | null>;
}

/** Why a channel can't be used, in words that name the way out. */
export interface NoTarget {
  problem: string;
}

const SECRETS: Record<AlertChannel, SettingKey[]> = {
  desktop: [],
  webhook: ['alerts.webhookUrl', 'alerts.webhookSecret'],
  slack: ['alerts.slackUrl'],
  ntfy: ['alerts.ntfyUrl', 'alerts.ntfyToken'],
  email: ['alerts.smtpPassword'],
};

export function channelTarget(
  channel: AlertChannel,
  { alerts }: Pick<Settings, 'alerts'>,
  env: Environment,
): Target | NoTarget {
  if (!channelsOn(alerts).includes(channel)) {
    return { problem: `${channel} is not set up: ${WAYS[channel]}` };
  }
  const exposed = exposedSecrets(env);
  const isExposed = SECRETS[channel].some((key) => exposed.keys.includes(key));
  if (isExposed) {
    return { problem: `others can read the secrets in ${exposed.path}: chmod 600 ${exposed.path}` };
  }
  const { webhookUrl, webhookSecret, slackUrl, ntfyUrl, ntfyToken } = alerts;
  const quietly =
    (work: (alert: AlertJson, nowMs: number, timeoutMs: number) => Promise<void>): Target['send'] =>
    async (alert, nowMs, timeoutMs) => {
      await work(alert, nowMs, timeoutMs);
      return null;
    };
  switch (channel) {
    case 'desktop':
      return { send: quietly((alert, _, timeoutMs) => sendDesktop(alert, env, timeoutMs)) };
    case 'webhook': {
      const place = { url: webhookUrl ?? '', secret: webhookSecret };
      return {
        send: quietly((alert, nowMs, timeoutMs) => sendWebhook(place, alert, nowMs, timeoutMs)),
      };
    }
    case 'slack':
      return {
        send: quietly((alert, _, timeoutMs) => sendSlack(slackUrl ?? '', alert, timeoutMs)),
      };
    case 'ntfy': {
      const place = { url: ntfyUrl ?? '', token: ntfyToken };
      return { send: quietly((alert, _, timeoutMs) => sendNtfy(place, alert, timeoutMs)) };
    }
    case 'email':
      return mailTarget(alerts);
  }
}

const WAYS: Record<AlertChannel, string> = {
  desktop: 'tallyhook config set alerts.desktop true',
  webhook: 'tallyhook config set alerts.webhookUrl - (it is read from stdin)',
  slack: 'tallyhook config set alerts.slackUrl - (it is read from stdin)',
  ntfy: 'tallyhook config set alerts.ntfyUrl - (it is read from stdin)',
  email: 'ENABLE_EMAIL_ALERTS=true, or tallyhook config set alerts.email true',
};

function mailTarget(alerts: Settings['alerts']): Target | NoTarget {
  const { smtpHost, emailFrom, emailTo } = alerts;
  const missing = [
    ...(smtpHost === null ? ['SMTP_HOST (alerts.smtpHost)'] : []),
    ...(emailFrom === null ? ['ALERT_FROM_EMAIL (alerts.emailFrom)'] : []),
    ...(emailTo.length === 0 ? ['ALERT_TO_EMAILS (alerts.emailTo)'] : []),
  ];
  if (smtpHost === null || emailFrom === null || missing.length > 0) {
    return { problem: `email has no ${missing.join(', ')}` };
  }
  const server: MailServer = {
    host: smtpHost,
    port: alerts.smtpPort,
    username: alerts.smtpUsername,
    password: alerts.smtpPassword,
    from: emailFrom,
    to: emailTo,
  };
  return { send: (alert, _, timeoutMs) => sendEmail(server, alert, timeoutMs) };
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
