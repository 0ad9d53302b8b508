import {
  type Kind,
  address,
  addresses,
  count,
  onOff,
  secret,
  secretUrl,
  text,
} from '../settings/kinds.ts';
import { type Setting, asOnOff, readBy } from '../settings/setting.ts';

/** A setting of a channel. A project cannot set one: only the user decides where alerts are sent. */
interface ChannelSetting<Value = unknown> extends Setting<Value> {
  /** One line, in docs/settings.md too. */
  describe: string;
}

/** A way to deliver alerts. */
interface Channel {
  /** The setting that switches it on: a URL, or true. */
  onBy: string;
  /** By their names under `alerts`. */
  settings: Record<string, ChannelSetting>;
}

/**
 * Everything about a channel except how it sends, which is in alerts/channels. Settings, their
 * descriptions, schemas, flags and the messages of commands follow from its row. HOT PATH.
 */
export const CHANNELS = {
  desktop: {
    onBy: 'desktop',
    settings: {
      desktop: setting(onOff, false, 'desktop notifications (notify-send, osascript)'),
    },
  },
  webhook: {
    onBy: 'webhookUrl',
    settings: {
      webhookUrl: optional(
        secretUrl,
        'TALLYHOOK_WEBHOOK_URL',
        'URL that alerts are posted to as JSON',
      ),
      webhookSecret: optional(
        secret,
        'TALLYHOOK_WEBHOOK_SECRET',
        'secret to sign them with (Standard Webhooks, HMAC-SHA256)',
      ),
    },
  },
  slack: {
    onBy: 'slackUrl',
    settings: {
      slackUrl: optional(secretUrl, 'TALLYHOOK_SLACK_URL', 'URL of a Slack incoming webhook'),
    },
  },
  ntfy: {
    onBy: 'ntfyUrl',
    settings: {
      ntfyUrl: optional(
        secretUrl,
        'TALLYHOOK_NTFY_URL',
        'URL of an ntfy topic, as in `https://ntfy.sh/your-topic`',
      ),
      ntfyToken: optional(secret, 'TALLYHOOK_NTFY_TOKEN', 'access token of the topic'),
    },
  },
  email: {
    onBy: 'email',
    settings: {
      email: setting(onOff, false, 'email, with the six settings below', {
        ENABLE_EMAIL_ALERTS: asOnOff,
      }),
      smtpHost: optional(text, 'SMTP_HOST', 'SMTP server'),
      smtpPort: setting(
        count('a port'),
        587,
        'port of the SMTP server; on 465, TLS from the start',
        {
          SMTP_PORT: (value) => (/^\d{1,5}$/.test(value) ? Number(value) : undefined),
        },
      ),
      smtpUsername: optional(text, 'SMTP_USERNAME', 'SMTP user name'),
      smtpPassword: optional(secret, 'SMTP_PASSWORD', 'SMTP password'),
      emailFrom: optional(address, 'ALERT_FROM_EMAIL', 'sender of the emails'),
      emailTo: setting(addresses, [], 'recipients of the emails, separated by commas', {
        ALERT_TO_EMAILS: readBy(addresses),
      }),
    },
  },
} as const satisfies Record<string, Channel>;

export type AlertChannel = keyof typeof CHANNELS;

export const ALERT_CHANNELS = Object.keys(CHANNELS) as AlertChannel[];

type Merged<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;
type Rows = Merged<(typeof CHANNELS)[AlertChannel]['settings']>;

/** The values of all settings of all channels. */
export type ChannelValues = { [Name in keyof Rows]: Rows[Name]['default'] };
export type ChannelSettingValues = {
  [Name in keyof ChannelValues as `alerts.${Name}`]: ChannelValues[Name];
};

/** The rows of all channels in the table of settings. */
export const CHANNEL_SETTINGS = Object.fromEntries(
  Object.values(CHANNELS).flatMap(({ settings }) =>
    Object.entries(settings).map(([name, row]) => [`alerts.${name}`, row]),
  ),
) as { [Key in keyof ChannelSettingValues]: ChannelSetting<ChannelSettingValues[Key]> };

function setting<Value>(
  kind: Kind<Value>,
  byDefault: Value,
  describe: string,
  environment: Setting<Value>['environment'] = {},
): ChannelSetting<Value> {
  return { kind, default: byDefault, setBy: 'user', environment, describe };
}

function optional(
  kind: Kind<string>,
  variable: string,
  describe: string,
): ChannelSetting<string | null> {
  const environment = { [variable]: readBy(kind) };
  return { kind, default: null, setBy: 'user', environment, describe };
}
