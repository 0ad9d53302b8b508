import { CHANNEL_SETTINGS, type ChannelSettingValues } from '../alert/channels.ts';
import type { SettingKey } from './table.ts';

interface Words {
  /** One line, in the README too. */
  describe: string;
  /** What it means that nothing is set, where the default does not say it itself. */
  unset?: string;
}

export const SETTING_DESCRIPTIONS: Readonly<Record<SettingKey, Words>> = {
  'telemetry.path': {
    describe: 'where the ledger is',
    unset: '~/.local/share/tallyhook/telemetry.db',
  },
  'pricing.file': {
    describe: 'your price file',
    unset: 'none',
  },
  'pricing.fallback': {
    describe:
      'what a model without a price is counted as: the newest `opus` or `sonnet`, `zero`, `none`',
  },
  'pricing.freeTier': {
    describe: 'providers that cost you nothing, as in `["google"]`',
  },
  'estimate.warnTokens': {
    describe: 'the size of a prompt from which the hook warns',
  },
  'statusline.template': {
    describe: 'the status line, as in `{model} {session} of {today}`',
    unset: 'built in',
  },
  'export.onSessionEnd': {
    describe:
      'a file for each session that ends: `true`, or `{"format": "json", "csv" or "ndjson", "folder": ...}`',
    unset: '`false`',
  },
  timezone: {
    describe: 'whose days reports count in, as in `Europe/Berlin`',
    unset: "the machine's",
  },
  'project.name': {
    describe: 'how reports call the project',
    unset: "its folder's",
  },
  'project.ticketPattern': {
    describe:
      'what in the name of a branch is a ticket: a regular expression without references and without repeats of what can be empty',
  },
  'budget.unpriced': {
    describe:
      'requests without a price of their own in a budget: `count` at the fallback, as the `highest-price` model, or `block`',
  },
  budgets: {
    describe: 'budgets by name, beside those of `budget set`: see [Budgets](#budgets)',
    unset: 'none',
  },
  'alerts.level': {
    describe: 'the least level that goes out: `info`, `warning`, `critical`; see [Alerts](#alerts)',
  },
  'alerts.levels': {
    describe: 'the same for single channels, as in `{"slack": "info", "email": "critical"}`',
  },
  'alerts.quietHours': {
    describe: 'when alerts are held back, by your clock, as in `22:00-07:00`',
    unset: 'none',
  },
  'alerts.quietPass': {
    describe: 'what goes out all the same then: `nothing` or `critical`',
  },
  'alerts.budgetInfo': {
    describe: 'percent of every budget that is an info; 0: none is',
  },
  'alerts.velocity': {
    describe: 'dollars spent in an hour, as in `{"warning": 20, "critical": 50}`, or `false`',
    unset: '`false`',
  },
  'alerts.anomalies': {
    describe:
      'how far from the usual a day, a session or a request has to be (docs/alerts.md), or `false`',
  },
  ...describeChannelSettings(),
  recording: {
    describe: 'whether hooks record: `TALLYHOOK_DISABLE=1` or `TRACK_COSTS=false` switches it off',
  },
};

function describeChannelSettings(): Record<keyof ChannelSettingValues, Words> {
  const entries = Object.entries(CHANNEL_SETTINGS).map(([key, { describe, default: value }]) => {
    const isNothing = value === null || (Array.isArray(value) && value.length === 0);
    return [key, isNothing ? { describe, unset: 'none' } : { describe }];
  });
  return Object.fromEntries(entries) as Record<keyof ChannelSettingValues, Words>;
}
