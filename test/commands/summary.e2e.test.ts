import { describe, expect, test } from 'vitest';
import { DIMENSIONS, isAttributed } from '../../src/reports/dimensions.ts';
import {
  BLOG,
  type Document,
  HISTORY_TOTALS,
  SHOP,
  type Totals,
  report,
  writeHistory,
} from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

function machine(): { home: Home; shop: string; blog: string } {
  const home = temporaryHome();
  return { home, ...writeHistory(home) };
}

function summary(home: Home, ...args: string[]): Document {
  return report(home, 'summary', ...args);
}

const opus: Totals = {
  requests: 3,
  inputTokens: 1017,
  outputTokens: 509,
  cacheReadTokens: 10_000,
  cacheWrite5mTokens: 400,
  cacheWrite1hTokens: 2000,
  webSearchRequests: 0,
  costNanoUsd: 45_310_000,
  costUsd: 0.04531,
  estimatedCostNanoUsd: 0,
  unpricedRequests: 0,
  incompleteRequests: 1,
};
const haiku: Totals = {
  requests: 3,
  inputTokens: 620,
  outputTokens: 190,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  webSearchRequests: 2,
  costNanoUsd: 21_570_000,
  costUsd: 0.02157,
  estimatedCostNanoUsd: 0,
  unpricedRequests: 0,
  incompleteRequests: 0,
};

describe('the document', () => {
  test('has every field that scripts rely on, and no other', () => {
    const { home } = machine();
    expect(summary(home, '--by', 'model', '-z', 'Europe/Berlin')).toEqual({
      schemaVersion: 1,
      generatedAt: ISO,
      timezone: 'Europe/Berlin',
      filters: {},
      totals: HISTORY_TOTALS,
      groups: [
        { key: { model: 'claude-opus-4-5' }, ...opus },
        { key: { model: 'claude-haiku-4-5' }, ...haiku },
      ],
    });
  });

  test('of the overview has today, the project and the last session beside its totals', () => {
    const { home, blog } = machine();
    const document = JSON.parse(cli(home, ['--json'], { cwd: blog }).stdout) as Document;
    const inBlog = { requests: 2, costNanoUsd: 21_160_000, incompleteRequests: 1 };
    expect(document).toMatchObject({
      schemaVersion: 1,
      timezone: 'UTC',
      filters: {},
      totals: HISTORY_TOTALS,
      groups: [],
      today: { requests: 0, costNanoUsd: 0 },
      project: { name: 'blog', ...inBlog },
      lastSession: {
        sessionId: BLOG,
        project: blog,
        lastAt: '2026-10-25T23:00:00.000Z',
        ...inBlog,
      },
    });
    expect(Object.keys(document)).toHaveLength(9);
  });

  test('repeats the filters', () => {
    const { home, shop } = machine();
    const args = ['--model', 'claude-haiku-4-5', '--project', shop, '--agent-type', 'Explore'];
    expect(
      summary(home, ...args, '--tool', 'Read', '--since', '2026-10-25', '--branch', 'main'),
    ).toMatchObject({
      filters: {
        model: 'claude-haiku-4-5',
        project: shop,
        'agent-type': 'Explore',
        tool: 'Read',
        since: '2026-10-25',
        branch: 'main',
      },
      totals: { requests: 1, costNanoUsd: 350_000 },
    });
  });
});

/** Sums of all fields of the groups. */
function sumOf(groups: Document['groups']): Totals {
  const names = Object.keys(HISTORY_TOTALS) as (keyof Totals)[];
  const sum = (name: keyof Totals): number => groups.reduce((all, group) => all + group[name], 0);
  const sums = Object.fromEntries(names.map((name) => [name, sum(name)])) as Totals;
  return { ...sums, costUsd: sums.costNanoUsd / 1e9 };
}

const OF_REQUESTS = DIMENSIONS.filter((name) => !isAttributed([name], false));

describe('groups', () => {
  test.each(OF_REQUESTS.map((name) => [name]))('by %s sum to the totals', (name) => {
    const { home } = machine();
    const { totals, groups } = summary(home, '--by', name);
    expect(totals).toEqual(HISTORY_TOTALS);
    expect(sumOf(groups)).toEqual(HISTORY_TOTALS);
    const keys = groups.map(({ key }) => JSON.stringify(key));
    expect(new Set(keys).size).toBe(keys.length);
    for (const { key } of groups) expect(Object.keys(key)).toEqual([name]);
  });

  test.each([
    'model,day',
    'day,model',
    'project,branch',
    'session,agent,tool',
    'tool,mcp-server,skill',
    'hour,task,agent-type',
    'month,week,client-version',
    'prompt,client,provider,class',
  ])('by %s sum to the totals', (by) => {
    const { home } = machine();
    const { totals, groups } = summary(home, '--by', by, '-z', 'Europe/Berlin');
    expect(totals).toEqual(HISTORY_TOTALS);
    expect(sumOf(groups)).toEqual(HISTORY_TOTALS);
    for (const { key } of groups) expect(Object.keys(key)).toEqual(by.split(','));
  });

  test.each([
    ...DIMENSIONS.filter((name) => isAttributed([name], true)),
    'cause,part',
    'tool,part,model',
    'day,cause',
    'file,session',
  ])('of shares by %s sum to the cost, and have nothing else', (by) => {
    const { home } = machine();
    const { totals, groups } = summary(home, '--by', by, '--attributed', '-z', 'Europe/Berlin');
    expect(totals).toEqual(HISTORY_TOTALS);
    expect(groups.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(totals.costNanoUsd);
    for (const group of groups) {
      expect(Object.keys(group)).toEqual(['key', 'costNanoUsd', 'costUsd']);
      expect(Object.keys(group.key)).toEqual(by.split(','));
    }
  });

  test('have the keys of the records, null where there is none', () => {
    const { home, shop, blog } = machine();
    const keys = (by: string): unknown[] =>
      summary(home, '--by', by).groups.map(({ key, requests }) => [key[by], requests]);
    expect(keys('project')).toEqual([
      [shop, 4],
      [blog, 2],
    ]);
    expect(keys('session')).toEqual([
      [SHOP, 4],
      [BLOG, 2],
    ]);
    expect(keys('agent-type')).toEqual([
      [null, 4],
      ['Explore', 2],
    ]);
    expect(keys('branch')).toEqual([
      ['main', 4],
      ['draft', 2],
    ]);
    expect(keys('task')).toEqual([
      ['main', 4],
      ['subagent', 2],
    ]);
    expect(keys('mcp-server')).toEqual([
      [null, 5],
      ['docs', 1],
    ]);
    expect(keys('skill')).toEqual([
      [null, 5],
      ['proofread', 1],
    ]);
    expect(keys('tool')).toEqual([
      ['Agent', 1],
      ['mcp__docs__find', 1],
      ['Bash', 1],
      ['Read', 1],
      [null, 1],
      ['Write', 1],
    ]);
  });

  test('of a subagent belong to the prompt that its starter answered', () => {
    const { home } = machine();
    expect(
      summary(home, '--by', 'prompt').groups.map(({ key, requests }) => [key['prompt'], requests]),
    ).toEqual([
      [`prompt-${SHOP}-2026-10-24T21:59:00.000Z`, 4],
      [`prompt-${BLOG}-2026-10-25T22:59:00.000Z`, 2],
    ]);
  });

  test.each(['model', 'session', 'project', 'agent', 'agent-type', 'tool', 'branch'])(
    'by %s are what the filter of that name gives',
    (name) => {
      const { home } = machine();
      for (const { key, ...totals } of summary(home, '--by', name).groups) {
        const value = key[name];
        if (typeof value !== 'string') continue;
        expect(totals).toMatchObject(summary(home, `--${name}`, value).totals);
      }
    },
  );

  test('beyond --limit are one last group', () => {
    const { home } = machine();
    const all = summary(home, '--by', 'tool').groups;
    for (let limit = 1; limit <= 7; limit++) {
      const { totals, groups } = summary(home, '--by', 'tool', '--limit', String(limit));
      expect(totals).toEqual(HISTORY_TOTALS);
      expect(groups.slice(0, limit)).toEqual(all.slice(0, limit));
      const rest = all.slice(limit);
      expect(groups.slice(limit)).toEqual(
        rest.length === 0 ? [] : [{ key: { other: true }, ...sumOf(rest) }],
      );
    }
  });

  test('come most expensive first, or the other way round', () => {
    const { home } = machine();
    const costs = (...args: string[]): number[] =>
      summary(home, '--by', 'tool', ...args).groups.map((group) => group.costNanoUsd);
    const top = costs().toSorted((a, b) => b - a);
    expect(costs()).toEqual(top);
    expect(costs('--order', 'desc')).toEqual(top);
    expect(costs('-o', 'asc')).toEqual(top.toReversed());
  });
});
