import { expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { cli } from '../helpers/program/run.ts';
import { Served } from '../helpers/program/server.ts';
import { Tail } from '../helpers/program/tail.ts';

const UNKNOWN = 'subagent (unknown type)';
const DAY = '2026-11-20';

/** The main thread, a subagent of a stated type, one of an unknown type and one without an id. */
function homeWithAgents(): Home {
  const home = temporaryHome();
  const nameless = { ...(JSON.parse(request({ session: 's1', id: 'm4' })) as object), uuid: null };
  append(
    transcriptPath(home, 's1'),
    request({ session: 's1', id: 'm1' }),
    request({ session: 's1', id: 'm2', agentId: 'a1', agentType: 'Explore' }),
    request({ session: 's1', id: 'm3', agentId: 'a2' }),
    JSON.stringify({ ...nameless, isSidechain: true }),
  );
  return home;
}

interface Report {
  groups: { key: Record<string, unknown>; requests: number }[];
}

function countsOf({ groups }: Report, by: string): Record<string, number> {
  return Object.fromEntries(groups.map(({ key, requests }) => [String(key[by]), Number(requests)]));
}

test('a subagent of unknown type is shown, filtered and grouped by as such, everywhere', async () => {
  const home = homeWithAgents();
  const run = (...args: string[]): string => {
    const { stdout, stderr, status } = cli(home, args);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout;
  };
  const json = <T>(...args: string[]): T => JSON.parse(run(...args, '--json')) as T;

  const byType = { null: 1, Explore: 1, [UNKNOWN]: 2 };
  expect(countsOf(json('summary', '--by', 'agent-type'), 'agent-type')).toEqual(byType);
  const byAgent = { null: 1, a1: 1, a2: 1, [UNKNOWN]: 1 };
  expect(countsOf(json('summary', '--by', 'agent'), 'agent')).toEqual(byAgent);
  const filtered = json<Report>('summary', '--by', 'model', '--agent-type', UNKNOWN);
  expect(filtered.groups.map(({ requests }) => Number(requests))).toEqual([2]);
  const text = run('summary', '--by', 'agent-type');
  expect(text).toContain(UNKNOWN);
  expect(text.match(/\(main thread\)/g)).toHaveLength(1);
  for (const args of [['requests'], ['export', '--format', 'csv']]) {
    expect(run(...args)).toContain(UNKNOWN);
  }
  const { session } = json<{ session: { byAgent: Report['groups'] } }>(
    'summary',
    '--session',
    's1',
  );
  expect(countsOf({ groups: session.byAgent }, 'agent')).toEqual(byAgent);
  const exported = run('export', '--format', 'ndjson', '--agent-type', UNKNOWN);
  expect(exported.trim().split('\n')).toHaveLength(2);

  const tail = new Tail(home, ['--json', '--since', DAY, '--agent-type', UNKNOWN]);
  await tail.shows('m4');
  expect(tail.ids().toSorted()).toEqual(['m3', 'm4']);

  const served = await Served.start(home);
  const summary = await served.get<Report>('/api/costs/summary?groupBy=agent-type');
  expect(countsOf(summary, 'agent-type')).toEqual(byType);
  const { sessions } = await served.get<{ sessions: { agentTypes: unknown[] }[] }>(
    '/api/costs/sessions',
  );
  expect(new Set(sessions[0]?.agentTypes)).toEqual(new Set([null, 'Explore', UNKNOWN]));
  const only = `agentType=${encodeURIComponent(UNKNOWN)}`;
  const { totals } = await served.get<{ totals: { requests: number } }>(
    `/api/costs/summary?${only}`,
  );
  expect(Number(totals.requests)).toBe(2);
});
