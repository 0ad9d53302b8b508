import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentRuns } from '../helpers/agent-runs.ts';
import {
  CLINE_SESSION,
  CODEX_SESSION,
  OPENCODE_SESSION,
  writeCline,
  writeCodex,
  writeOpenCode,
} from '../helpers/agent-sessions.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { Served } from '../helpers/program/server.ts';

interface Sums {
  requests: number;
  costNanoUsd: number;
  inputTokens: number;
  outputTokens: number;
}
interface Report {
  totals: Sums;
  groups: (Sums & { key: { client: string } })[];
}

const TITLES = {
  'claude-code': 'Claude Code',
  codex: 'Codex CLI',
  opencode: 'OpenCode',
  cline: 'Cline',
};
const CLIENTS = Object.keys(TITLES);

/** A session of each of four agents; each has another number of requests. */
function writeSessions(home: Home): void {
  const ids = ['m1', 'm2', 'm3', 'm4'];
  append(transcriptPath(home, 's1'), ...ids.map((id) => request({ session: 's1', id })));
  writeCodex(home, 3);
  writeOpenCode(home, 2);
  writeCline(home, 1);
}

function good(home: Home, ...args: string[]): string {
  const { status, stdout, stderr } = cli(home, args);
  expect([args, status, stderr]).toEqual([args, 0, '']);
  return stdout;
}

function report(home: Home, ...args: string[]): Report {
  return JSON.parse(good(home, 'summary', '--json', ...args)) as Report;
}

const sumsOf = ({ requests, costNanoUsd, inputTokens, outputTokens }: Sums): Sums => ({
  requests,
  costNanoUsd,
  inputTokens,
  outputTokens,
});

function byClient({ groups }: Report): Map<string, Sums> {
  return new Map(groups.map((group) => [group.key.client, sumsOf(group)]));
}

function fourAgents(): { home: Home; groups: Map<string, Sums> } {
  const home = temporaryHome();
  writeSessions(home);
  good(home, 'import');
  return { home, groups: byClient(report(home, '--by', 'client')) };
}

/** The groups by client, after checking that they sum to the totals and that the filter finds the same. */
function groupsThatAgree(home: Home): Map<string, Sums> {
  const all = report(home, '--by', 'client');
  const { totals, groups } = all;
  for (const name of ['requests', 'costNanoUsd', 'inputTokens', 'outputTokens'] as const) {
    expect(groups.reduce((sum, group) => sum + group[name], 0)).toBe(totals[name]);
  }
  const found = byClient(all);
  for (const [client, sums] of found) {
    expect([client, sumsOf(report(home, '--client', client).totals)]).toEqual([client, sums]);
  }
  return found;
}

describe('a ledger of four agents', () => {
  test('has the requests of each', () => {
    const { home, groups } = fourAgents();
    expect(groupsThatAgree(home)).toEqual(groups);
    const counts = [...groups].map(([client, { requests }]) => [client, requests]);
    expect(Object.fromEntries(counts)).toEqual({
      'claude-code': 4,
      codex: 3,
      opencode: 2,
      cline: 1,
    });
  });

  test('is filtered by proper names, in tables of proper names', () => {
    const { home, groups } = fourAgents();
    const table = good(home, 'summary', '--by', 'client');
    for (const [client, title] of Object.entries(TITLES)) {
      expect(table).toContain(`\n${title} `);
      expect(report(home, '--client', title)).toMatchObject({
        totals: groups.get(client),
        filters: { client },
      });
    }
    expect(cli(home, ['summary', '--client', 'codxe'])).toMatchObject({
      status: 2,
      stderr: "tallyhook: client 'codxe' is not in the ledger\nDid you mean codex?\n",
    });
  });

  test.each(CLIENTS)('shows %s alike in requests, sessions, exports and days', (client) => {
    const { home, groups } = fourAgents();
    const sums = groups.get(client);
    const of = ['--client', client, '--json'];
    const { records } = JSON.parse(good(home, 'requests', ...of)) as {
      records: { client: string }[];
    };
    expect(records.map((record) => record.client)).toEqual(Array(sums?.requests).fill(client));
    const exported = good(home, 'export', '--client', client, '--format', 'ndjson')
      .trim()
      .split('\n');
    expect(exported.map((line) => (JSON.parse(line) as { client: string }).client)).toEqual(
      Array(sums?.requests).fill(client),
    );
    for (const command of ['daily', 'monthly', 'sessions']) {
      expect(JSON.parse(good(home, command, ...of))).toMatchObject({ totals: sums });
    }
    expect(JSON.parse(good(home, 'sessions', ...of))).toMatchObject({ groups: [{ client }] });
    expect(JSON.parse(good(home, 'cache-misses', ...of))).toMatchObject({ totals: sums });
    expect(JSON.parse(good(home, 'coverage', ...of))).toMatchObject({
      clients: [{ client, requests: sums?.requests, costNanoUsd: sums?.costNanoUsd }],
    });
  });

  test.each([
    [CODEX_SESSION, 'codex'],
    [OPENCODE_SESSION, 'opencode'],
    [CLINE_SESSION, 'cline'],
  ] as const)('explains session %s without guessing, and names %s', (session, client) => {
    const { home, groups } = fourAgents();
    const { costNanoUsd } = groups.get(client) ?? {};
    const bill = JSON.parse(good(home, 'explain', session, '--json')) as {
      totals: Sums;
      parts: { causes: { cause: string }[] }[];
    };
    expect(bill.totals.costNanoUsd).toBe(costNanoUsd);
    const causes = bill.parts.flatMap((part) => part.causes.map(({ cause }) => cause));
    expect(new Set(causes)).toEqual(new Set(['(unattributed)']));
    expect(good(home, 'summary', '--session', session)).toContain(TITLES[client]);
  });

  test('says what the log of each can never show, and of Claude Code what its totals lack', () => {
    const { home } = fourAgents();
    const text = good(home, 'coverage');
    expect(text).toContain('1 session of Claude Code ($');
    expect(text).toMatch(/Codex CLI \(1 session, \$0\.\d+\) reports no total to compare with\./);
    expect(text).toContain('a rollout names only the model that was asked for');
    expect(good(home, 'coverage', '--client', 'cline')).not.toContain('rollout');
  });

  test.each([
    ['codex', /Run `tallyhook init --budgets`/],
    ['opencode', /OpenCode can't be stopped by a hook: this budget only warns\./],
  ])('says whether a stopping budget for %s can stop it', (client, told) => {
    const { home } = fourAgents();
    const flags = ['--limit', '1', '--per', 'day', '--action', 'stop', '--client', client];
    expect(good(home, 'budget', 'set', 'tiny', ...flags)).toMatch(told);
  });

  test('is the same in the API', async () => {
    const { home, groups } = fourAgents();
    const served = await Served.start(home);
    const all = await served.get<Report>('/api/costs/summary?groupBy=client');
    expect(byClient(all)).toEqual(groups);
    for (const [client, title] of Object.entries(TITLES)) {
      const query = `client=${encodeURIComponent(title)}`;
      const one = await served.get<Report>(`/api/costs/summary?${query}`);
      expect(sumsOf(one.totals)).toEqual(groups.get(client));
      const path = `/api/costs/sessions?${query}`;
      expect(await served.get(path)).toMatchObject({ total: 1, sessions: [{ client }] });
      expect(await served.get(`/api/costs/coverage?${query}`)).toMatchObject({
        clients: [{ client }],
        sessions: [{ client }],
      });
    }
  });
});

describe('a budget for one client', () => {
  test('counts its requests only, and refuses an agent that does not exist', () => {
    const home = temporaryHome();
    writeSessions(home);
    good(home, 'import');
    const codex = report(home, '--client', 'codex').totals;
    good(home, 'budget', 'set', 'b', '--limit', '9', '--per', 'total', '--client', 'Codex CLI');
    expect(JSON.parse(good(home, 'budget', 'status', '--json'))).toMatchObject({
      budgets: [{ scope: { client: 'codex' }, spentNanoUsd: codex.costNanoUsd }],
    });
    expect(good(home, 'budget', 'list')).toContain('client Codex CLI');
    expect(
      cli(home, ['budget', 'set', 'c', '--limit', '9', '--per', 'day', '--client', 'codx']),
    ).toMatchObject({
      status: 2,
      stderr:
        "tallyhook: --client: 'codx' is not an agent that tallyhook records\nDid you mean codex?\n",
    });
  });

  test('warns this client at the end of its turn, once, and no other', () => {
    const home = temporaryHome();
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'm1' }));
    const rollout = writeCodex(home, 3);
    good(home, 'import');
    good(home, 'budget', 'set', 'b', '--limit', '0.0001', '--per', 'total', '--client', 'codex');
    const stop = (session: string, path: string, agent: string): string =>
      hook(
        home,
        { hook_event_name: 'Stop', session_id: session, transcript_path: path, cwd: home.folder },
        { args: ['--agent', agent] },
      ).stdout;
    expect(stop('s1', transcriptPath(home, 's1'), 'claude-code')).toBe('');
    expect(JSON.parse(stop(CODEX_SESSION, rollout, 'codex'))).toMatchObject({
      systemMessage: expect.stringContaining('budget b has reached its limit') as string,
    });
    expect(stop(CODEX_SESSION, rollout, 'codex')).toBe('');
  });
});

test('the recorded runs of all agents, in one ledger', () => {
  const home = temporaryHome();
  const agents = ['codex', 'gemini', 'qwen', 'copilot', 'opencode', 'cline', 'droid', 'pi'];
  const counts = new Map<string, number>();
  for (const agent of agents) {
    for (const run of agentRuns(agent)) {
      // Every run has its agent's only database, so each gets a home of its own.
      const own = join(home.folder, agent, run.name);
      mkdirSync(own, { recursive: true });
      cpSync(run.home, own, { recursive: true });
      const env = { HOME: own, TELEMETRY_DB_PATH: home.ledger };
      const { status, stdout } = cli(home, ['import', '--json'], { env });
      expect([agent, run.name, status]).toEqual([agent, run.name, 0]);
      const { addedRequests } = JSON.parse(stdout) as { addedRequests: number };
      counts.set(agent, (counts.get(agent) ?? 0) + addedRequests);
    }
  }
  if (counts.size === 0) return;
  const groups = groupsThatAgree(home);
  expect(new Map([...groups].map(([client, { requests }]) => [client, requests]))).toEqual(counts);
});
