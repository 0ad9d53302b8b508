import { expect, test } from 'vitest';
import { valueOfText } from '../../../src/core/settings/from-text.ts';
import type { SettingKey } from '../../../src/core/settings/table.ts';

test.each<[key: SettingKey, text: string, value: unknown]>([
  ['pricing.fallback', 'zero', 'zero'],
  ['estimate.warnTokens', '20000', 20_000],
  ['estimate.warnTokens', '-1', '-1'],
  ['estimate.warnTokens', '2e4', '2e4'],
  ['alerts.desktop', 'true', true],
  ['alerts.desktop', 'false', false],
  ['alerts.desktop', 'yes', 'yes'],
  ['pricing.freeTier', 'google, Groq,,', ['google', 'Groq']],
  ['pricing.freeTier', '["google"]', ['google']],
  ['pricing.freeTier', '["google"', '["google"'],
  ['pricing.freeTier', '', []],
  ['alerts.emailTo', 'a@example.com,b@example.com', ['a@example.com', 'b@example.com']],
  ['alerts.emailTo', '["a@example.com"]', ['a@example.com']],
  ['export.onSessionEnd', 'csv', { format: 'csv' }],
  ['export.onSessionEnd', 'true', true],
  ['export.onSessionEnd', '{"format":"csv"}', { format: 'csv' }],
  ['export.onSessionEnd', 'xml', 'xml'],
  ['alerts.velocity', '{"warning":3}', { warning: 3 }],
  ['alerts.velocity', '3', 3],
  ['budgets', '{"daily":{"limit":5,"per":"day"}}', { daily: { limit: 5, per: 'day' } }],
  ['budgets', '{"daily"', '{"daily"'],
  // Text stays text, whatever else it could be.
  ['pricing.file', '7', '7'],
  ['timezone', 'true', 'true'],
])('%s from %j', (key, text, value) => {
  expect(valueOfText(key, text)).toEqual(value);
});
