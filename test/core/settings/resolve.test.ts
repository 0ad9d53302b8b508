import { describe, expect, test } from 'vitest';
import {
  type SettingsLayer,
  resolveSettings,
  shown,
  valueIn,
} from '../../../src/core/settings/resolve.ts';
import { SETTINGS, SETTING_KEYS } from '../../../src/core/settings/table.ts';

const user = (object: SettingsLayer['object']): SettingsLayer => ({
  by: 'user',
  path: '~/settings.json',
  object,
});
const project = (object: SettingsLayer['object']): SettingsLayer => ({
  by: 'project',
  path: '/repo/.tallyhook.json',
  object,
});

test('without files and variables every setting is its default', () => {
  const { settings, origins } = resolveSettings({}, []);
  for (const key of SETTING_KEYS) {
    expect([key, valueIn(settings, key)]).toEqual([key, SETTINGS[key].default]);
    expect([key, origins[key]]).toEqual([key, { by: 'default' }]);
  }
  expect(settings.warnings).toEqual([]);
});

describe('what counts', () => {
  test('is the environment before a file, the first variable before the second', () => {
    const layers = [user({ telemetry: { path: '/of/file.db' } })];
    const { settings, origins } = resolveSettings({ TELEMETRY_DB_PATH: '/of/env.db' }, layers);
    expect(settings.telemetry.path).toBe('/of/env.db');
    expect(origins['telemetry.path']).toEqual({ by: 'environment', name: 'TELEMETRY_DB_PATH' });
  });

  test('is the file where a variable is empty or says nothing', () => {
    const layers = [user({ telemetry: { path: '/of/file.db' } })];
    const env = { TELEMETRY_DB_PATH: '', TRACK_COSTS: 'true' };
    const { settings, origins } = resolveSettings(env, layers);
    expect(settings.telemetry.path).toBe('/of/file.db');
    expect(origins['telemetry.path']).toEqual({ by: 'user', path: '~/settings.json' });
    expect(settings.recording).toBe(true);
    expect(origins.recording).toEqual({ by: 'default' });
  });

  test('is the first file that has an allowed value', () => {
    const pattern = (text: unknown) => ({ project: { ticketPattern: text } });
    const layers = [project(pattern('A-\\d+')), user(pattern('B-\\d+'))];
    expect(resolveSettings({}, layers).settings.project.ticketPattern).toBe('A-\\d+');
    const { settings } = resolveSettings({}, [project(pattern(7)), user(pattern('B-\\d+'))]);
    expect(settings.project.ticketPattern).toBe('B-\\d+');
    expect(settings.warnings).toEqual([
      expect.stringMatching(/^\/repo\/\.tallyhook\.json: project\.ticketPattern: 7 .*; ignored$/),
    ]);
  });

  test('is what its check takes, too', () => {
    const layers = [user({ timezone: 'Mars/Olympus' })];
    expect(resolveSettings({}, layers).settings.timezone).toBe('Mars/Olympus');
    const { settings } = resolveSettings({}, layers, (key) => key !== 'timezone');
    expect(settings.timezone).toBe(null);
    expect(settings.warnings).toHaveLength(1);
  });

  test('is never what is not the file’s to set', () => {
    const { settings } = resolveSettings({}, [
      project({ telemetry: { path: '/evil.db' }, budgets: { daily: null }, recording: false }),
      user({ project: { name: 'mine' }, recording: false }),
    ]);
    expect(settings.telemetry.path).toBe(null);
    expect(settings.budgets).toEqual({});
    expect(settings.project.name).toBe(null);
    expect(settings.recording).toBe(true);
    expect(settings.warnings).toEqual([]);
  });

  test('is nothing of null, which is as good as absent', () => {
    const { settings } = resolveSettings({}, [
      user({ pricing: { fallback: null }, timezone: null }),
    ]);
    expect(settings.pricing.fallback).toBe('opus');
    expect(settings.warnings).toEqual([]);
  });
});

test('a secret that is malformed is in no warning', () => {
  const secret = 'hooks.example.com/secret';
  const keys = SETTING_KEYS.filter((key) => SETTINGS[key].kind.name === 'url');
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    const [group = '', name = ''] = key.split('.');
    const { settings } = resolveSettings({}, [user({ [group]: { [name]: secret } })]);
    expect(settings.warnings).toHaveLength(1);
    expect(settings.warnings[0]).not.toContain('secret/');
    expect(settings.warnings[0]).not.toContain(secret);
  }
});

test('a value of unknown size is shown on one line of 80 characters', () => {
  expect(shown({ a: 'x'.repeat(200) })).toHaveLength(80);
  expect(shown('a\nb')).toBe(String.raw`"a\nb"`);
  expect(shown(undefined)).toBe('nothing');
});
