import type { SettingKey } from './table.ts';

interface Words {
  /** One line, in the README too. */
  describe: string;
  /** What it means that nothing is set, where the default does not say it itself. */
  unset?: string;
}

export const SETTING_WORDS: Readonly<Record<SettingKey, Words>> = {
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
    describe: 'what in the name of a branch is a ticket: a regular expression',
  },
  'budget.unpriced': {
    describe:
      'requests without a price of their own in a budget: `count` at the fallback, as the `dearest` model, or `block`',
  },
  budgets: {
    describe: 'budgets by name, beside those of `budget set`: see [Budgets](#budgets)',
    unset: 'none',
  },
  recording: {
    describe: 'whether hooks record: `TALLYHOOK_DISABLE=1` or `TRACK_COSTS=false` switches it off',
  },
};
