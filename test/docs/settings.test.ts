import { expect, test } from 'vitest';
import { BUDGET_VARIABLES, PERCENT_VARIABLES } from '../../src/core/budget/environment.ts';
import { SETTINGS, SETTING_KEYS } from '../../src/core/settings/table.ts';
import { settingsTable } from '../../src/schemas/generate.ts';
import { codeSpans, readDocument } from '../helpers/documents.ts';

const page = readDocument('docs/settings.md');

test('docs/settings.md has every setting and every variable', () => {
  const variables = SETTING_KEYS.flatMap((key) => Object.keys(SETTINGS[key].environment ?? {}));
  const folders = ['CLAUDE_CONFIG_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'];
  const terminal = ['NO_COLOR', 'FORCE_COLOR', 'COLUMNS'];
  const budgets = [...Object.keys(BUDGET_VARIABLES), ...Object.values(PERCENT_VARIABLES)];
  const wanted = [...SETTING_KEYS, ...variables, ...budgets, ...folders, ...terminal];
  const spans = codeSpans(page);
  const isThere = (name: string): boolean =>
    spans.some((span) => span === name || span.startsWith(`${name}=`));
  expect(wanted.filter((name) => !isThere(name))).toEqual([]);
});

test('its table is the generated one (npm run schemas)', () => {
  expect(page.text).toContain(
    `<!-- settings -->\n\n${settingsTable()}\n\n<!-- end of settings -->`,
  );
});
