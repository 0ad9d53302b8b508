import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { good, noonZone, repository, spend } from '../helpers/program/budgets.ts';
import { type Home, temporaryHome, writeSettings } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { problems } from '../helpers/recorded.ts';
import { statusJson } from '../helpers/statusline.ts';
import { statusline } from '../helpers/program/statusline.ts';

/** What `{budget}` is in a folder, in a session that cost nothing beyond its records. */
function shown(home: Home, cwd: string, session = 's1', env: Record<string, string> = {}): string {
  const status = statusJson({
    cwd,
    workspace: { current_dir: cwd },
    session_id: session,
    cost: {},
  });
  return statusline(home, status, { NO_COLOR: '1', TZ: noonZone(), ...env }).stdout.trim();
}

const TEMPLATE = { statusline: { template: '{budget}' } };
const NONE = 'tallyhook';

test('the status line shows the budget that is closest to its limit, of those that apply', () => {
  const home = temporaryHome();
  const [here, there] = [repository(home, 'here'), repository(home, 'there')];
  writeSettings(home, TEMPLATE);
  spend(home, 's1', 6, { cwd: here, branch: 'main' });
  cli(home, ['import']);
  expect(shown(home, here)).toBe(NONE);
  const zone = { env: { TZ: noonZone() } };
  good(home, 'set daily --limit 10 --per day', zone);
  expect(shown(home, here)).toBe('daily 60%');
  expect(shown(home, there)).toBe('daily 60%');
  good(home, 'set here --limit 8 --per month --project here', zone);
  expect(shown(home, here)).toBe('here 75%');
  expect(shown(home, there)).toBe('daily 60%');
  good(home, 'set session --limit 5 --per session', zone);
  expect(shown(home, here)).toBe('session 120%');
  expect(shown(home, here, 's2')).toBe('here 75%');
  good(home, 'allow session 95 --session s1', zone);
  expect(shown(home, here)).toBe('here 75%');
  good(home, 'set prompt --limit 0.01 --per prompt', zone);
  good(home, 'set branch --limit 0.01 --per day --branch other', zone);
  expect(shown(home, here)).toBe('here 75%');
  expect(shown(home, here, 's1', { FORCE_COLOR: '1', NO_COLOR: '' })).toBe('here 75%');
  good(home, 'set here --limit 8 --per month --project here --warn 75', zone);
  const painted = shown(home, here, 's1', { FORCE_COLOR: '1', NO_COLOR: '' });
  expect(painted).toBe('\u001B[33mhere 75%\u001B[39m');
});

test("budgets of the settings, of variables and of a project's file show as well", () => {
  const home = temporaryHome();
  const here = repository(home, 'here');
  spend(home, 's1', 6, { cwd: here });
  cli(home, ['import']);
  expect(shown(home, here, 's1', { DAILY_COST_LIMIT: '12' })).toContain('· daily 50% ·');
  writeSettings(home, { ...TEMPLATE, budgets: { all: { limit: 9, per: 'total' } } });
  expect(shown(home, here)).toBe('all 67%');
  const file = join(here, '.tallyhook.json');
  writeFileSync(
    file,
    '{"budgets": {"team": {"limit": 6.6, "per": "total"}, "all": {"limit": 90}}}',
  );
  expect(shown(home, here)).toBe('team 91%');
  expect(problems(home)).toEqual([]);
});
