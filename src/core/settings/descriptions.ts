import { CHANNEL_SETTINGS, type ChannelSettingValues } from '../alert/channels.ts';
import type { SettingKey } from './table.ts';

interface Description {
  /** One line, in docs/settings.md too; links are relative to it. */
  describe: string;
  /** What applies if nothing is set, where the default value does not show it. */
  unset?: string;
}

export const SETTING_DESCRIPTIONS: Readonly<Record<SettingKey, Description>> = {
  'telemetry.path': {
    describe: 'the path of the ledger',
    unset: '~/.local/share/tallyhook/telemetry.db',
  },
  'pricing.file': {
    describe: 'path of your price file',
    unset: 'none',
  },
  'pricing.fallback': {
    describe:
      'price of a model that has none: that of the newest `opus` or `sonnet`, or `zero`, or `none`',
  },
  'pricing.freeTier': {
    describe: 'providers whose free tier you use: their requests cost nothing, as in `["google"]`',
  },
  'pricing.aliases': {
    describe:
      'the models that names stand for, as in `{"my-gateway": "claude-opus-5"}`; see `pricing alias`',
    unset: 'none',
  },
  'estimate.warnTokens': {
    describe: 'size of a prompt, in tokens, from which the hook warns',
  },
  'statusline.template': {
    describe: 'template of the [status line](statusline.md), as in `{model} {session} of {today}`',
    unset: 'built in',
  },
  'export.onSessionEnd': {
    describe:
      'exports each session when it ends: `true`, or `{"format": "json", "csv" or "ndjson", "folder": ...}`',
    unset: '`false`',
  },
  timezone: {
    describe: 'time zone of the days in reports, as in `Europe/Berlin`',
    unset: "the machine's",
  },
  'project.name': {
    describe: 'name of the project in reports',
    unset: "its folder's",
  },
  'project.ticketPattern': {
    describe:
      'regular expression that finds a ticket in the name of a branch; without back-references, and without repeating what can be empty',
  },
  'budget.unpriced': {
    describe:
      'how a budget counts requests without a known cost: `count` (at the fallback price; without readable token counts as zero), `highest-price` or `block`',
  },
  budgets: {
    describe: '[budgets](budgets.md) by name, in addition to those of `budget set`',
    unset: 'none',
  },
  'alerts.level': {
    describe: 'lowest level of [alerts](alerts.md) that is sent: `info`, `warning` or `critical`',
  },
  'alerts.levels': {
    describe: 'the same per channel, such as `{"slack": "info", "email": "critical"}`',
  },
  'alerts.quietHours': {
    describe: 'local time in which alerts are held back, as in `22:00-07:00`',
    unset: 'none',
  },
  'alerts.quietPass': {
    describe: 'what is sent during quiet hours: `nothing` or `critical`',
  },
  'alerts.budgetInfo': {
    describe: 'percentage of any budget that raises an `info` alert (0 = off)',
  },
  'alerts.velocity': {
    describe:
      'dollars per hour that raise an alert, as in `{"warning": 20, "critical": 50}`, or `false`',
    unset: '`false`',
  },
  'alerts.anomalies': {
    describe:
      'scores that raise an alert about an unusual day, session or request ([scoring](anomaly-scoring.md)), or `false`',
  },
  ...describeChannelSettings(),
  recording: {
    describe: 'whether hooks record; `TALLYHOOK_DISABLE=1` or `TRACK_COSTS=false` switches it off',
  },
};

function describeChannelSettings(): Record<keyof ChannelSettingValues, Description> {
  const entries = Object.entries(CHANNEL_SETTINGS).map(([key, { describe, default: value }]) => {
    const isNothing = value === null || (Array.isArray(value) && value.length === 0);
    return [key, isNothing ? { describe, unset: 'none' } : { describe }];
  });
  return Object.fromEntries(entries) as Record<keyof ChannelSettingValues, Description>;
}
