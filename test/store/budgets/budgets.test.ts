import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Budget, type BudgetScope, WHOLE_SCOPE } from '../../../src/core/budget/budget.ts';
import { allowancesNow, readBudgets } from '../../../src/store/budgets/reader.ts';
import { selectFamily, spentInRange, spentInSessions } from '../../../src/store/budgets/spend.ts';
import { BudgetWriter } from '../../../src/store/budgets/writer.ts';
import { type Ledger, openLedger } from '../../../src/store/connection/open.ts';
import { append, request } from '../../helpers/lines.ts';
import { faultsOf, importInto, temporaryFolder, temporaryLedger } from '../../helpers/ledger.ts';

const BUDGET: Budget = {
  name: 'daily',
  limitNanoUsd: 20_000_000_000,
  per: 'day',
  scope: WHOLE_SCOPE,
  warnPercent: 80,
  criticalPercent: 95,
  action: 'stop',
  isFailClosed: false,
  origin: 'command',
};
const ALWAYS = { key: 'total', sinceMs: null, untilMs: null };
const SCOPES: Partial<BudgetScope>[] = [
  {},
  { model: 'claude-haiku-4-5' },
  { tool: 'Bash' },
  { project: '/home/user/a' },
  { branch: 'main' },
  { agentType: 'Explore', model: 'claude-haiku-4-5' },
  { project: '/home/user/a', branch: 'main', tool: 'Read', client: 'claude-code' },
  { project: '/home/user/none', branch: 'main' },
];

/** Forty requests of two sessions on four days, of every kind that a scope can tell. */
function fill(projects: string, from: number): void {
  for (let index = from; index < from + 20; index++) {
    const session = `s${index % 2}`;
    append(
      join(projects, 'p', `${session}.jsonl`),
      request({
        session,
        id: `msg_${index}`,
        at: new Date(Date.UTC(2026, 10, 20 + (index % 4), index % 24)).toISOString(),
        cwd: index % 3 === 0 ? '/home/user/a' : '/home/user/b',
        branch: index % 5 === 0 ? 'main' : 'draft',
        model: index % 4 === 0 ? 'claude-haiku-4-5' : 'claude-opus-4-8',
        input: 1000 + index,
        ...(index % 4 === 0 ? { agentId: 'a1', agentType: 'Explore' } : {}),
        ...(index % 2 === 0
          ? { tools: [[`call_${index}`, index % 6 === 0 ? 'Read' : 'Bash']] }
          : {}),
      }),
    );
  }
}

function spentByRows(
  db: Ledger,
  { sinceMs, untilMs }: { sinceMs: number; untilMs: number },
  scope: BudgetScope,
): number {
  return db
    .prepare(
      `SELECT coalesce(sum(cost_nano_usd), 0) FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
       WHERE (@project IS NULL OR p.root = @project) AND (@branch IS NULL OR git_branch = @branch)
         AND (@model IS NULL OR model = @model) AND (@agentType IS NULL OR agent_type = @agentType)
         AND (@tool IS NULL OR tool_name = @tool) AND (@provider IS NULL OR provider = @provider)
         AND (@client IS NULL OR client = @client) AND occurred_at_ms >= @sinceMs AND occurred_at_ms < @untilMs`,
    )
    .pluck()
    .get({ ...scope, sinceMs, untilMs }) as number;
}

describe('what a scope has spent comes from its roll-ups', () => {
  test.each(SCOPES)('%o', (facts) => {
    const scope = { ...WHOLE_SCOPE, ...facts };
    const folder = temporaryFolder();
    const projects = join(folder, 'projects');
    const { db } = temporaryLedger(folder);
    const writer = new BudgetWriter(db);
    fill(projects, 0);
    importInto(db, projects);
    const first = {
      sinceMs: Date.UTC(2026, 10, 21, 5, 45),
      untilMs: Date.UTC(2026, 10, 22, 18, 15),
    };
    expect(spentInRange(db, scope, first).costNanoUsd, 'before its roll-ups are kept').toBe(
      spentByRows(db, first, scope),
    );
    // What is there already, what comes later, what changes, and what is repriced.
    writer.keepScopes([scope]);
    fill(projects, 20);
    importInto(db, projects);
    appendFileSync(
      join(projects, 'p/s0.jsonl'),
      request({ session: 's0', id: 'msg_0', at: '2026-11-20T00:00:00.000Z', output: 90_000 }),
    );
    importInto(db, projects);
    const day = {
      key: 'd',
      sinceMs: Date.UTC(2026, 10, 20, 18, 15),
      untilMs: Date.UTC(2026, 10, 23, 2),
    };
    const all = { key: 'a', sinceMs: 0, untilMs: Date.UTC(2100, 0) };
    expect(spentInRange(db, scope, day).costNanoUsd).toBe(spentByRows(db, day, scope));
    expect(spentInRange(db, scope, ALWAYS).costNanoUsd).toBe(spentByRows(db, all, scope));
    expect(spentInSessions(db, scope, ['s0', 's1'], null).costNanoUsd).toBe(
      spentByRows(db, all, scope),
    );
    expect(faultsOf(db)).toEqual([]);
    writer.keepScopes([]);
    const left = db.prepare(`SELECT count(*) FROM rollups WHERE dimension LIKE 'scope:%'`).pluck();
    expect(left.get()).toBe(0);
    expect(faultsOf(db)).toEqual([]);
  });
});

test('a session spans its forks, and theirs', () => {
  const { db } = temporaryLedger();
  const put = db.prepare('INSERT INTO sessions (session_id, parent_session_id) VALUES (?, ?)');
  for (const [id, parent] of [
    ['a', null],
    ['b', 'a'],
    ['c', 'b'],
    ['d', 'a'],
    ['x', null],
    ['loop', 'loop'],
  ])
    put.run(id, parent);
  for (const id of ['a', 'b', 'c', 'd']) {
    const family = selectFamily(db, id);
    expect(family[0]).toBe('a');
    expect(family.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  }
  expect(selectFamily(db, 'x')).toEqual(['x']);
  expect(selectFamily(db, 'unknown')).toEqual(['unknown']);
  expect(selectFamily(db, 'loop')).toEqual(['loop']);
});

test('budgets are kept as they were set, and a limit is raised where and while it was allowed', () => {
  const { db, path } = temporaryLedger();
  const writer = new BudgetWriter(db);
  const scoped = { ...BUDGET, name: 'agents', scope: { ...WHOLE_SCOPE, agentType: 'Explore' } };
  writer.set(BUDGET, 1);
  writer.set(scoped, 1);
  writer.set({ ...BUDGET, limitNanoUsd: 5 }, 2);
  const again = openLedger(path, { busyTimeoutMs: 1000 });
  expect(readBudgets(again)).toEqual([scoped, { ...BUDGET, limitNanoUsd: 5 }]);
  again.close();
  expect(writer.remove('agents')).toBe(true);
  expect(writer.remove('agents')).toBe(false);
  const draft = { budget: 'daily', grantedAtMs: 0 };
  writer.allow({ ...draft, amountNanoUsd: 1, windowKey: '2026-11-23', expiresAtMs: null });
  writer.allow({ ...draft, amountNanoUsd: 10, windowKey: null, expiresAtMs: 1000 });
  writer.allow({
    ...draft,
    budget: 'other',
    amountNanoUsd: 100,
    windowKey: null,
    expiresAtMs: null,
  });
  expect(allowancesNow(db, 999)('daily', '2026-11-23')).toBe(11);
  expect(allowancesNow(db, 1000)('daily', '2026-11-23')).toBe(1);
  expect(allowancesNow(db, 999)('daily', '2026-11-24')).toBe(10);
});
