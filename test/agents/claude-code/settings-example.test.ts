import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addHooks } from '../../../src/agents/claude-code/settings/install.ts';

test('settings.example.json is what init writes, with the command on PATH', () => {
  const example = readFileSync(new URL('../../../settings.example.json', import.meta.url), 'utf8');
  const added = addHooks('', 'tallyhook-hook');
  expect(JSON.parse(example)).toEqual(JSON.parse(added.ok ? added.text : added.message));
});
