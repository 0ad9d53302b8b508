import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { query } from '../helpers/home.ts';
import { statuslineFile } from '../helpers/program/statusline.ts';
import {
  type Coverage,
  costBySession,
  coverageOf,
  differencesIn,
  receiveTelemetry,
  unseenCalls,
} from './coverage-audit.ts';
import { withEachClient } from './each-client.ts';
import type { Sandbox } from './sandbox.ts';
import { type Scenario, answer, bash, call, say, startAgent, usage } from './scenario.ts';
import { Terminal, hasTerminal, registerStatusline } from './terminal.ts';

function work(): Scenario {
  return {
    main: [answer([bash('echo one')]), answer([startAgent('helper')]), answer([say('One.')])],
    helper: [answer([bash('echo helping')]), answer([say('Helped.')])],
  };
}

const summary = (): Scenario => ({
  main: [answer([say('<analysis>Short.</analysis><summary>One was echoed.</summary>')])],
});

function search(): Scenario {
  const searched = usage({ server_tool_use: { web_search_requests: 1 } });
  return {
    main: [answer([call('WebSearch', { query: 'nano dollars' })]), answer([say('Found.')])],
    aside: [answer([say('A result.')], { usage: searched })],
  };
}

/** A session that is compacted, searches, is resumed, forked, and goes on; so does its fork. */
async function printed(box: Sandbox): Promise<void> {
  const one = await box.run(work());
  const args = ['--resume', one.result.session_id];
  await box.run(summary(), { args, prompt: '/compact' });
  const fork = await box.run(search(), { args: [...args, '--fork-session'] });
  await box.run(search(), { args });
  await box.run(summary(), { args, prompt: '/compact' });
  await box.run(work(), { args: ['--resume', fork.result.session_id] });
}

/** An interactive session, which is given a title, and a fork of it. */
async function interactive(box: Sandbox): Promise<void> {
  delete box.env['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC'];
  const titled = (): Scenario => ({
    main: [answer([bash('echo one')]), answer([say('One.')])],
    aside: [answer([say('{"title": "Look around"}')])],
  });
  const terminal = await Terminal.open(box, titled());
  await terminal.line(/bypass permissions on/);
  await terminal.type('Please look around.');
  await terminal.line(/^\W*One\./);
  await terminal.type('/compact');
  await terminal.line(/Compacted/);
  await terminal.exit();
}

/** Takes records out of a ledger behind its back. */
function remove(box: Sandbox, ids: string[]): void {
  const db = new Database(box.ledgerPath);
  for (const id of ids) db.prepare('DELETE FROM cost_records WHERE id = ?').run(id);
  db.close();
}

/** Ids of the calls that each cause tells of. */
function named({ totals }: Coverage): Record<string, string[]> {
  const causes = totals.causes.filter(({ cause }) => cause !== 'incomplete-output');
  return Object.fromEntries(
    causes.map(({ cause, querySource, requestIds }) => [
      `${cause} ${querySource}`,
      requestIds.toSorted(),
    ]),
  );
}

withEachClient((open, version) => {
  const isCumulative = version !== '2.1.197';

  test('compacted, searched, resumed and forked: the difference is what no transcript shows', async () => {
    const box = open();
    await printed(box);
    const unseen = unseenCalls(box);
    expect(unseen.map(({ thread }) => thread).sort()).toEqual(['aside', 'aside', 'main', 'main']);
    const coverage = coverageOf(box);
    expect(coverage.lost).toEqual([]);
    // Without a status line and without telemetry an earlier version reports no total.
    const silent = { sessions: 2, silentSessions: 2, causes: [] };
    expect(coverage.totals).toMatchObject(isCumulative ? {} : silent);
    if (!isCumulative) return;
    expect(differencesIn(coverage)).toEqual(costBySession(box, unseen));
    expect(coverage.groups.map(({ source }) => source)).toEqual(['cost-state', 'cost-state']);
    expect(
      coverage.totals.causes.map(({ cause, count, costNanoUsd }) => [cause, count, costNanoUsd]),
    ).toEqual([
      ['compaction', 2, null],
      ['web-search', 2, null],
    ]);
  });

  test('killed: what the client has not told is no loss', async () => {
    const box = open();
    const one = await box.run(work());
    const args = ['--resume', one.result.session_id];
    const main = [answer([bash('echo two')]), answer([say('Two.')], { tailMs: 60_000 })];
    const session = await box.start({ main }, { args });
    while (session.calls.length < 2) await sleep(50);
    await sleep(500);
    session.kill('SIGKILL');
    await session.ended;
    const { totals, lost } = coverageOf(box);
    expect(lost).toEqual([]);
    if (!isCumulative) return;
    expect(totals.unattributedCostNanoUsd).toBeLessThan(0);
    expect(totals.unexplainedCostNanoUsd).toBe(0);
    expect(totals.causes).toMatchObject([
      { cause: 'not-reported', costNanoUsd: totals.unattributedCostNanoUsd },
    ]);
  });

  test('the same with telemetry: each is named, nothing stays unexplained', async () => {
    const box = open();
    await receiveTelemetry(box);
    await printed(box);
    const unseen = unseenCalls(box);
    const coverage = coverageOf(box);
    const ids = (thread: string) =>
      unseen
        .filter((one) => one.thread === thread)
        .map(({ requestId }) => requestId)
        .sort();
    expect(named(coverage)).toEqual({
      'compaction compact': ids('main'),
      'web-search web_search_tool': ids('aside'),
    });
    expect(coverage.totals).toMatchObject({
      unexplainedCostNanoUsd: 0,
      lostRequests: 0,
      silentSessions: 0,
    });
    const named_ = coverage.totals.causes.filter(({ cause }) => cause !== 'incomplete-output');
    const sum = named_.reduce((all, { costNanoUsd }) => all + (costNanoUsd ?? 0), 0);
    const due = Object.values(costBySession(box, unseen)).reduce((all, cost) => all + cost, 0);
    expect(sum).toBe(due);
    expect(isCumulative ? differencesIn(coverage) : null).toEqual(
      isCumulative ? costBySession(box, unseen) : null,
    );
  });

  test('served in the US: the earlier client leaves its tenth out, which is named', async () => {
    const box = open();
    await receiveTelemetry(box);
    const inUs = () => ({ usage: usage({ inference_geo: 'us' }) });
    await box.run({ main: [answer([bash('echo us')], inUs()), answer([say('Done.')], inUs())] });
    const { totals } = coverageOf(box);
    const causes = totals.causes.map(({ cause, count }) => [cause, count]);
    expect(causes).toEqual(isCumulative ? [] : [['region', 2]]);
    expect(totals.unexplainedCostNanoUsd).toBe(0);
    expect(isCumulative || totals.unattributedCostNanoUsd < 0).toBe(true);
  });

  test('ten of its records lost: exactly they are told', async () => {
    const box = open();
    await printed(box);
    const before = coverageOf(box);
    expect(before.lost).toEqual([]);
    const records = query<{ id: string }>(box.ledgerPath, 'SELECT id FROM cost_records');
    const gone = records
      .map(({ id }) => id)
      .toSorted(() => Math.random() - 0.5)
      .slice(0, 10);
    remove(box, gone);
    const after = coverageOf(box);
    expect(after.lost.map(({ id }) => id).sort()).toEqual(gone.toSorted());
    expect(after.totals.unexplainedCostNanoUsd).toBe(before.totals.unexplainedCostNanoUsd);
  });
});

describe.skipIf(!hasTerminal())('interactive', () => {
  withEachClient((open, version) => {
    test('forked, and used long after: its parent has gone on meanwhile', async () => {
      const box = open();
      registerStatusline(box, `"${process.execPath}" "${statuslineFile}"`);
      const one = await box.run(work());
      const args = ['--resume', one.result.session_id];
      await box.run(summary(), { args, prompt: '/compact' });
      const terminal = await Terminal.open(box, search(), { args: [...args, '--fork-session'] });
      await terminal.line(/bypass permissions on/);
      await box.run(summary(), { args, prompt: '/compact' });
      await terminal.type('Please search.');
      await terminal.line(/^\W*Found\./);
      await terminal.line(/\$\d/);
      await terminal.exit();
      await box.run(work(), { args });
      const coverage = coverageOf(box);
      // The earlier client tells its status line alone, and that in the terminal alone.
      const told = coverage.groups.filter(({ source }) => source !== null);
      expect(told.map(({ source }) => source)).toEqual(
        version === '2.1.197' ? ['statusline'] : ['cost-state', 'cost-state'],
      );
      const sessions = new Set(told.map(({ key }) => key.session));
      const unseen = unseenCalls(box).filter(({ sessionId }) => sessions.has(sessionId));
      expect(differencesIn(coverage)).toEqual(costBySession(box, unseen));
    });

    test('titled and compacted: the difference is what no transcript shows', async () => {
      const box = open();
      registerStatusline(box, `"${process.execPath}" "${statuslineFile}"`);
      await interactive(box);
      const unseen = unseenCalls(box);
      expect(unseen.length).toBeGreaterThanOrEqual(2);
      const coverage = coverageOf(box);
      expect(differencesIn(coverage)).toEqual(costBySession(box, unseen));
      expect(coverage.groups.map(({ source }) => source)).toEqual([
        version === '2.1.197' ? 'statusline' : 'cost-state',
      ]);
      const causes = coverage.totals.causes.map(({ cause }) => cause);
      expect(causes).toEqual(expect.arrayContaining(['compaction', 'title']));
    });

    test('the same with telemetry: each is named', async () => {
      const box = open();
      await receiveTelemetry(box);
      await interactive(box);
      const unseen = unseenCalls(box);
      const coverage = coverageOf(box);
      expect(Object.values(named(coverage)).flat().sort()).toEqual(
        unseen.map(({ requestId }) => requestId).sort(),
      );
      expect(Object.keys(named(coverage)).sort()).toEqual(
        expect.arrayContaining(['compaction compact', 'title generate_session_title']),
      );
      expect(coverage.totals).toMatchObject({ unexplainedCostNanoUsd: 0, lostRequests: 0 });
      expect(differencesIn(coverage)).toEqual(costBySession(box, unseen));
    });
  });
});
