import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, hook } from '../helpers/program/run.ts';
import { query, temporaryHome, writeSettings } from '../helpers/home.ts';
import { append, costState, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { givenSettings } from '../helpers/program/settings.ts';
import { Served, errorOf } from '../helpers/program/server.ts';

/** What every plain object seems to have. */
const NAMES = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'isPrototypeOf',
  '__defineGetter__',
  '__lookupSetter__',
  'propertyIsEnumerable',
  'toLocaleString',
];

describe('a name that plain objects have by themselves is a name as any other', () => {
  test('of a hook event: it is recorded', () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, 'one'), request({ session: 'one', id: 'm' }));
    for (const name of NAMES) {
      expect(hook(home, toolEvent('one', path, { hook_event_name: name }))).toEqual({
        status: 0,
        signal: null,
        stdout: '',
        stderr: '',
      });
    }
    const events = query<{ name: string }>(home.ledger, 'SELECT name FROM hook_events');
    expect(events.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  });

  test('of models, tools, branches, agents and skills: each is a group of its own', () => {
    const home = temporaryHome();
    const lines = NAMES.map((name) =>
      request({
        session: name,
        id: `m-${name}`,
        model: name,
        tools: [[`t-${name}`, name]],
        cwd: `/home/user/${name}`,
        branch: name,
        agentId: name,
        agentType: name,
        skill: name,
        promptId: name,
        version: name,
      }),
    );
    append(transcriptPath(home, 'one'), ...lines, costState('one', { constructor: { cost: 1 } }));
    const dimensions = ['model', 'tool', 'branch', 'agent', 'agent-type', 'session', 'project'];
    for (const by of [...dimensions, 'client-version', 'prompt']) {
      const { status, stdout } = cli(home, ['summary', '--by', by, '--json']);
      const { groups } = JSON.parse(stdout) as { groups: { key: Record<string, string> }[] };
      const found = groups.map(({ key }) => key[by]?.split('/').at(-1));
      expect({ by, status, found: found.sort() }).toEqual({
        by,
        status: 0,
        // Names of models are told without their case.
        found: NAMES.map((name) => (by === 'model' ? name.toLowerCase() : name)).sort(),
      });
    }
    for (const words of [
      ['explain'],
      ['coverage'],
      ['pricing', 'unknown'],
      ['reprice', '--dry-run'],
    ]) {
      expect(cli(home, words).stderr).not.toMatch(/\n\s+at /);
    }
    for (const name of NAMES) {
      const { status, stdout } = cli(home, ['summary', '--model', name, '--json']);
      expect({ name, status, stdout }).toMatchObject({ status: 0 });
      expect(JSON.parse(stdout)).toMatchObject({ totals: { requests: 1 } });
      expect(cli(home, ['pricing', 'show', name])).toMatchObject({ status: 0, stderr: '' });
    }
  });

  test('of settings and budgets: no such setting, and a budget', () => {
    const home = temporaryHome();
    const inside = NAMES.map((name) => `${JSON.stringify(name)}: 1`).join(', ');
    givenSettings(home, `{${inside}, "pricing": {${inside}}}`);
    const { status, stderr } = cli(home, ['daily', '--json']);
    expect(status).toBe(0);
    for (const name of NAMES) {
      expect(stderr).toContain(`: ${name}: no such setting`);
      expect(stderr).toContain(`: pricing.${name}: no such setting`);
      expect(cli(home, ['config', 'get', name])).toMatchObject({ status: 2, stdout: '' });
      expect(cli(home, ['config', 'get', `pricing.${name}`])).toMatchObject({ status: 2 });
    }
    const budgets = NAMES.map((name) => `${JSON.stringify(name)}: {"limit": 5, "per": "day"}`);
    givenSettings(home, `{"budgets": {${budgets.join(', ')}}}`);
    const shown = cli(home, ['budget', 'list', '--json']);
    const list = JSON.parse(shown.stdout) as { budgets: { name: string }[] };
    expect(list.budgets.map(({ name }) => name)).toEqual([...NAMES].sort());
    expect(shown.stderr).toBe('');
  });

  test('of commands, flags and what they take: refused as any other', () => {
    const home = temporaryHome();
    writeSettings(home, {});
    for (const name of NAMES) {
      for (const words of [
        [name],
        ['summary', `--${name}`],
        ['summary', '--by', name],
        ['summary', '--format', name],
        ['summary', '--order', name],
        ['sessions', '--sort', name],
        ['pricing', name],
        ['budget', name],
        ['budget', 'status', name],
        ['budget', 'set', 'b', '--limit', '1', '--per', name],
        ['alerts', 'test', name],
        ['export', '--format', name],
        ['completion', name],
        ['schema', name],
        ['compare', '--with', name],
      ]) {
        const { status, stdout, stderr } = cli(home, words);
        expect({ words, status, stdout }).toEqual({ words, status: 2, stdout: '' });
        expect({ words, stderr }).toEqual({
          words,
          stderr: expect.not.stringMatching(/\n\s+at |native code|\[object/),
        });
      }
    }
  });

  test('of parameters of the API: unknown ones', async () => {
    const served = await Served.start(temporaryHome());
    for (const name of NAMES) {
      for (const path of ['/api/costs/summary', '/api/costs/sessions', '/api/costs/budgets']) {
        const answer = await served.ask(`${path}?${name}=1`);
        expect({ name, path, status: answer.status }).toEqual({ name, path, status: 400 });
        expect(errorOf(answer)).toMatchObject({ code: 'unknown_parameter', field: name });
      }
      for (const parameter of ['groupBy', 'order', 'range']) {
        const answer = await served.ask(`/api/costs/summary?${parameter}=${name}`);
        expect({ name, parameter, status: answer.status }).toMatchObject({ status: 400 });
      }
      expect((await served.ask(`/${name}`)).status).toBe(404);
    }
  });

  test('of models in a list of prices: they get them', () => {
    const home = temporaryHome();
    const file = join(home.folder, 'prices.json');
    const price = { input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 };
    const entries = NAMES.map(
      (name) =>
        `${JSON.stringify(name)}: ${JSON.stringify({ ...price, litellm_provider: 'x', mode: 'chat' })}`,
    );
    writeFileSync(file, `{${entries.join(', ')}}`);
    for (const _ of [1, 2]) {
      const { status, stderr } = cli(home, ['pricing', 'update', '--from', file]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
    const { stdout } = cli(home, ['pricing', 'show', 'constructor', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ price: { usdPerMillion: { input: 1, output: 2 } } });
  });
});
