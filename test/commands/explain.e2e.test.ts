import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Home, openFile, temporaryHome } from '../helpers/home.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { append, prompt, request, toolEvent, transcriptPath } from '../helpers/lines.ts';

const demo = fileURLToPath(new URL('../../fixtures/demo/projects', import.meta.url));
const DEMO = '47dd94e8-a213-486f-b23c-ee4467f6dee4';

interface Part {
  part: string;
  costNanoUsd: number;
  causes: { cause: string; tool: string | null; toolUseId: string | null; costNanoUsd: number }[];
}

interface Explanation {
  totals: { requests: number; costNanoUsd: number };
  sessionId?: string;
  request?: { id: string; costNanoUsd: number; promptTokens: number; carriedTokens: number };
  parts: Part[];
  turns: { number: number; requests: number; costNanoUsd: number; carriedNanoUsd: number }[];
  runs: { agentId: string; startedByToolUseId: string; costNanoUsd: number }[];
  topCalls: Record<string, number | string | null>[];
  cacheMisses: { reason: string; costNanoUsd: number }[];
}

function demoHome(): Home {
  const home = temporaryHome();
  cpSync(demo, home.projects, { recursive: true });
  return home;
}

function explain(home: Home, ...args: string[]): Explanation {
  const { status, stdout, stderr } = cli(home, ['explain', ...args, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Explanation;
}

const sum = (costs: { costNanoUsd: number }[]): number =>
  costs.reduce((all, { costNanoUsd }) => all + costNanoUsd, 0);

describe('explain', () => {
  test('a session: causes sum to parts, parts and prompts to the cost', () => {
    const { totals, parts, turns, sessionId } = explain(demoHome());
    expect(sessionId).toBe(DEMO);
    expect(totals).toMatchObject({ requests: 10, costNanoUsd: 313_809_000 });
    expect(sum(parts)).toBe(totals.costNanoUsd);
    for (const part of parts) expect(sum(part.causes)).toBe(part.costNanoUsd);
    expect(sum(turns)).toBe(totals.costNanoUsd);
    expect(turns.reduce((all, { requests }) => all + requests, 0)).toBe(totals.requests);
    const carried = sum(parts.filter(({ part }) => /carried|rewritten/.test(part)));
    expect(turns.reduce((all, { carriedNanoUsd }) => all + carriedNanoUsd, 0)).toBe(carried);
  });

  test('subagents with the calls that started them', () => {
    const home = demoHome();
    const { runs } = explain(home);
    const by = JSON.parse(cli(home, ['summary', '--by', 'agent', '--json']).stdout) as {
      groups: { key: { agent: string | null }; costNanoUsd: number }[];
    };
    const agents = by.groups.filter(({ key }) => key.agent !== null);
    expect(runs.length).toBe(2);
    expect(Object.fromEntries(runs.map((run) => [run.agentId, run.costNanoUsd]))).toEqual(
      Object.fromEntries(agents.map(({ key, costNanoUsd }) => [key.agent, costNanoUsd])),
    );
    for (const run of runs) expect(run.startedByToolUseId).toMatch(/^toolu_/);
  });

  test('tool calls: called, read and carried are what reports of shares say', () => {
    const home = demoHome();
    const { topCalls } = explain(home, '--limit', '1000');
    const args = ['summary', '--by', 'tool,part', '--attributed', '--json'];
    const { groups } = JSON.parse(cli(home, args).stdout) as {
      groups: { key: { tool: string | null; part: string }; costNanoUsd: number }[];
    };
    const columns = { output: 'called', 'new-input': 'read', 'carried-input': 'carried' };
    for (const tool of ['Write', 'Bash', 'Agent']) {
      for (const [part, column] of Object.entries(columns)) {
        const shares = groups.filter(
          ({ key }) =>
            key.tool === tool &&
            (key.part === part || (column === 'carried' && key.part === 'rewritten-input')),
        );
        const calls = topCalls.filter((call) => call['tool'] === tool);
        const told = calls.reduce((all, call) => all + Number(call[`${column}NanoUsd`]), 0);
        expect([tool, part, told]).toEqual([tool, part, sum(shares)]);
      }
    }
  });

  test('a request, by the start of its id: each tool call by itself', () => {
    const home = demoHome();
    const db = cli(home, ['requests', '--json']);
    const { records } = JSON.parse(db.stdout) as {
      records: { id: string; messageId: string; costNanoUsd: number; cacheReadTokens: number }[];
    };
    for (const { id, messageId, costNanoUsd } of records) {
      const { request: one, parts } = explain(home, messageId);
      expect(one).toMatchObject({ id, costNanoUsd });
      expect(sum(parts)).toBe(costNanoUsd);
    }
    const calls = records.flatMap(({ messageId }) =>
      explain(home, messageId).parts.flatMap(({ causes }) => causes),
    );
    const ofTools = calls.filter(({ cause }) => cause === 'tool-use');
    expect(ofTools.length).toBeGreaterThan(10);
    for (const { toolUseId } of ofTools) expect(toolUseId).toMatch(/^toolu_/);
  });

  test('the start of several requests is refused in a line', () => {
    const { status, stdout, stderr } = cli(demoHome(), ['explain', 'msg_']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^tallyhook: explain: several requests start with 'msg_'\nUse more/);
  });

  test('fits the terminal, and shows no control character of a transcript', () => {
    const home = temporaryHome();
    const session = 'hostile';
    const tool: [string, string] = ['toolu_h', 'Bash\u001b[31m'];
    append(
      transcriptPath(home, session),
      prompt(session),
      request({ session, id: 'msg_h1', write5m: 9000, tools: [tool] }),
      request({ session, id: 'msg_h2', read: 9000, write5m: 400 }),
    );
    const { stdout } = cli(home, ['explain'], { env: { COLUMNS: '60' } });
    expect(stdout).toContain('Where it went');
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });

  test('nothing is known of: an empty report', () => {
    const { status, stdout } = cli(temporaryHome(), ['explain']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'The ledger has no requests yet.\n' });
  });
});

describe('cache-misses', () => {
  const at = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

  test('name the reason and cost, as hooks recorded them', () => {
    const home = temporaryHome();
    const session = 's1';
    const path = transcriptPath(home, session);
    const model = 'claude-opus-4-5';
    append(path, prompt(session, at(0)));
    append(path, request({ session, id: 'm1', at: at(0), input: 0, write5m: 20_000, model }));
    hook(home, toolEvent(session, path));
    append(
      path,
      request({ session, id: 'm2', at: at(1), input: 0, read: 20_000, write5m: 300, model }),
    );
    hook(home, toolEvent(session, path));
    // Seven minutes later all of it is written again.
    append(path, request({ session, id: 'm3', at: at(8), input: 0, write5m: 20_400, model }));
    hook(home, toolEvent(session, path));
    const other = 'claude-sonnet-4-5';
    append(
      path,
      request({ session, id: 'm4', at: at(9), input: 0, write5m: 20_600, model: other }),
    );
    hook(home, toolEvent(session, path));
    const { stdout } = cli(home, ['cache-misses', '--json', '--no-refresh']);
    const report = JSON.parse(stdout) as {
      requests: number;
      byReason: { reason: string; requests: number; rewrittenTokens: number }[];
    };
    expect(report.byReason).toMatchObject([
      // What was in the prompt before; the rest of it is the response in between.
      { reason: 'idle-5m', requests: 1, rewrittenTokens: 20_300 },
      { reason: 'model-switch', requests: 1, rewrittenTokens: 20_400 },
    ]);
    const explained = explain(home);
    expect(explained.cacheMisses.map(({ reason }) => reason)).toEqual(['idle-5m', 'model-switch']);
    const rewritten = explained.parts.find(({ part }) => part === 'rewritten-input');
    expect(rewritten?.costNanoUsd).toBe(sum(explained.cacheMisses));
  });

  test('of a session that never paused: none', () => {
    expect(cli(demoHome(), ['cache-misses']).stdout).toBe('No request lost its cache.\n');
  });
});

describe('pull requests', () => {
  test('a request belongs to the one that its session named next, else to the last', () => {
    const home = temporaryHome();
    const session = 's1';
    const link = (number: number, at: string): string =>
      JSON.stringify({
        type: 'pr-link',
        sessionId: session,
        prNumber: number,
        prUrl: `https://github.com/acme/shop/pull/${number}`,
        prRepository: 'acme/shop',
        timestamp: at,
      });
    const at = (minute: number): string => `2026-11-20T10:0${minute}:00.000Z`;
    append(
      transcriptPath(home, session),
      prompt(session, at(0)),
      request({ session, id: 'm1', at: at(1) }),
      link(7, at(2)),
      request({ session, id: 'm2', at: at(3) }),
      // Said again, a link is no new one.
      link(7, at(4)),
      link(8, at(5)),
      request({ session, id: 'm3', at: at(6) }),
      request({ session, id: 'm4', at: at(7) }),
    );
    append(transcriptPath(home, 's2'), request({ session: 's2', id: 'm5' }));
    const { stdout } = cli(home, ['summary', '--by', 'pr', '--json']);
    const { groups } = JSON.parse(stdout) as {
      groups: { key: { pr: string | null }; requests: number }[];
    };
    const counts = Object.fromEntries(groups.map(({ key, requests }) => [key.pr, requests]));
    expect(counts).toEqual({ 'acme/shop#7': 1, 'acme/shop#8': 3, null: 1 });
  });
});

test('a ledger from before steps were kept is attributed from the transcripts that still exist', () => {
  const home = demoHome();
  cli(home, ['import']);
  const before = explain(home);
  const db = openFile(home.ledger);
  db.exec('DELETE FROM attribution_steps; DELETE FROM transcripts; DELETE FROM thread_state');
  db.exec(`UPDATE cost_records SET input_cost_nano_usd = NULL, output_cost_nano_usd = NULL,
    cache_read_cost_nano_usd = NULL, cache_write_cost_nano_usd = NULL, web_search_cost_nano_usd = NULL`);
  const without = explain(home, DEMO, '--no-refresh');
  expect(without.totals).toEqual(before.totals);
  expect(sum(without.parts)).toBe(before.totals.costNanoUsd);
  for (const { causes } of without.parts) {
    expect(causes.map(({ cause }) => cause)).toEqual(['(unattributed)']);
  }
  expect(explain(home).parts).toEqual(before.parts);
});
