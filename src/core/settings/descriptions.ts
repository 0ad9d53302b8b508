import { CHANNEL_SETTINGS, type ChannelSettingValues } from '../alert/channels.ts';
import type { SettingKey } from './table.ts';

interface Description {
  /** One line, shown in the README as well. */
  describe: string;
  /** What applies if nothing is set, where the default value does not show it. */
  unset?: string;
}

export const SETTING_DESCRIPTIONS: Readonly<Record<SettingKey, Description>> = {
  'telemetry.path': {
    describe: 'path of the ledger',
    unset: '~/.local/share/tallyhook/telemetry.db',
  },
  'pricing.file': {
    describe: 'path of your price file',
    unset: 'none',
  },
  'pricing.fallback': {
    describe:
      'price of a model without one: that of the newest `opus` or `sonnet`, `zero`, or `none`',
  },
  'pricing.freeTier': {
    describe: 'providers you pay nothing for, such as `["google"]`',
  },
  'estimate.warnTokens': {
    describe: 'warn about prompts of at least this many tokens',
  },
  'statusline.template': {
    describe: 'template of the status line, such as `{model} {session} of {today}`',
    unset: 'built in',
  },
  'export.onSessionEnd': {
    describe:
      'write a file when a session ends: `true`, or `{"format": "json", "csv" or "ndjson", "folder": ...}`',
    unset: '`false`',
  },
  timezone: {
    describe: 'time zone of the days in reports, such as `Europe/Berlin`',
    unset: "the machine's",
  },
  'project.name': {
    describe: 'name of the project in reports',
    unset: "its folder's",
  },
  'project.ticketPattern': {
    describe:
      'regular expression that finds the ticket in a branch name; no references, no repeats of an empty match',
  },
  'budget.unpriced': {
    describe:
      'requests without a known price in budgets: `count` the fallback, use the `highest-price`, or `block`',
  },
  budgets: {
    describe: 'budgets by name, in addition to those of `budget set`; see [Budgets](#budgets)',
    unset: 'none',
  },
  'alerts.level': {
    describe: 'lowest level that is sent: `info`, `warning` or `critical`; see [Alerts](#alerts)',
  },
  'alerts.levels': {
    describe: 'the same per channel, such as `{"slack": "info", "email": "critical"}`',
  },
  'alerts.quietHours': {
    describe: 'local time range in which alerts are held back, such as `22:00-07:00`',
    unset: 'none',
  },
  'alerts.quietPass': {
    describe: 'what is still sent in quiet hours: `nothing` or `critical`',
  },
  'alerts.budgetInfo': {
    describe: 'percentage of any budget that raises an `info` alert (0 = off)',
  },
  'alerts.velocity': {
    describe:
      'USD per hour that raise an alert, such as `{"warning": 20, "critical": 50}`, or `false`',
    unset: '`false`',
  },
  'alerts.anomalies': {
    describe:
      'how far above the usual a day, session or request must be (docs/alerts.md), or `false`',
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
