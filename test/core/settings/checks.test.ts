import { describe, expect, test } from 'vitest';
import {
  findSettingFault,
  foreignKeys,
  isSettingKey,
  reasonAgainst,
} from '../../../src/core/settings/checks.ts';
import { type SettingKey, SETTINGS } from '../../../src/core/settings/table.ts';

describe('a value', () => {
  test.each<[key: SettingKey, value: unknown]>([
    ['timezone', 'Europe/Berlin'],
    ['project.name', 'Ein Laden, 日本'],
    ['project.ticketPattern', '[A-Z]+-\\d+'],
    ['alerts.quietHours', '22:00-07:30'],
    ['alerts.emailTo', ['You <you@example.com>']],
    ['alerts.velocity', { info: 1, critical: 3 }],
    ['alerts.velocity', false],
    ['alerts.levels', { slack: 'critical' }],
    ['export.onSessionEnd', { folder: '/x' }],
    ['budgets', { daily: { limit: 5, per: 'day' }, gone: null }],
  ])('of %s may be %j', (key, value) => {
    expect(findSettingFault(key, value)).toBe(null);
  });

  test.each<[key: SettingKey, value: unknown]>([
    ['timezone', 'Europe/Nowhere'],
    ['project.name', 'a\nb'],
    ['project.name', 'x'.repeat(101)],
    ['project.ticketPattern', '('],
    ['project.ticketPattern', 'x'.repeat(201)],
    ['telemetry.path', 'a\0b'],
    ['telemetry.path', ''],
    ['alerts.quietHours', '22:00-24:00'],
    ['alerts.emailTo', ['you']],
    ['alerts.emailTo', []],
    ['alerts.velocity', { info: 3, critical: 1 }],
    ['alerts.velocity', { warning: 0 }],
    ['alerts.velocity', {}],
    ['alerts.levels', { fax: 'info' }],
    ['export.onSessionEnd', { format: 'xml' }],
    ['estimate.warnTokens', 1.5],
    ['pricing.fallback', 'Opus'],
    ['budgets', { daily: { limit: 0, per: 'day' } }],
    ['budgets', { 'no name': { limit: 5, per: 'day' } }],
  ])('of %s may not be %j', (key, value) => {
    expect(findSettingFault(key, value)).toBe(SETTINGS[key].kind.fault);
  });
});

describe('keys that do not count in a file', () => {
  const keysOf = (by: 'user' | 'project', object: Record<string, unknown>): string[] =>
    foreignKeys({ by, path: 'FILE', object }).map((line) => {
      expect(line).toMatch(/^FILE: .*; ignored$/);
      return line.slice('FILE: '.length, -'; ignored'.length);
    });

  test('are none of those that are the file’s', () => {
    const object = {
      $schema: './x.json',
      pricing: { fallback: 'zero' },
      timezone: 'x',
      alerts: null,
    };
    expect(keysOf('user', object)).toEqual([]);
    expect(keysOf('project', { project: { name: 'x' }, budgets: {} })).toEqual([]);
  });

  test.each<[by: 'user' | 'project', object: Record<string, unknown>, key: string, says: string]>([
    ['user', { pricing: { falback: 'x' } }, 'pricing.falback', 'pricing.fallback'],
    ['user', { pricng: {} }, 'pricng', 'pricing'],
    ['user', { pricing: 7 }, 'pricing', '7'],
    ['user', { 'pricing.fallback': 'zero' }, 'pricing.fallback', '{"pricing": {"fallback": ...}}'],
    ['user', { recording: false }, 'recording', 'TALLYHOOK_DISABLE, TRACK_COSTS'],
    ['user', { project: { name: 'x' } }, 'project.name', '.tallyhook.json'],
    ['project', { telemetry: { path: '/x' } }, 'telemetry.path', 'a project cannot'],
    ['project', { unheard: 1 }, 'unheard', 'a project cannot'],
  ])('of a %s: %j', (by, object, key, says) => {
    const [line = '', ...more] = keysOf(by, object);
    expect(more).toEqual([]);
    expect(line.startsWith(`${key}: `)).toBe(true);
    expect(line.slice(key.length)).toContain(says);
  });

  test('show what a terminal would obey', () => {
    expect(keysOf('user', { 'a\u001B[31m': 1 })[0]).toContain(String.raw`a\u001b[31m`);
  });
});

test('who may set what', () => {
  expect(reasonAgainst('project.ticketPattern', 'user')).toBe(null);
  expect(reasonAgainst('project.ticketPattern', 'project')).toBe(null);
  expect(reasonAgainst('budgets', 'project')).toBe(null);
  expect(reasonAgainst('timezone', 'project')).not.toBe(null);
  expect(reasonAgainst('project.name', 'user')).not.toBe(null);
  expect(reasonAgainst('recording', 'user')).toContain('TALLYHOOK_DISABLE');
  for (const name of ['toString', '__proto__', 'pricing', 'nothing']) {
    expect(isSettingKey(name)).toBe(false);
  }
});
