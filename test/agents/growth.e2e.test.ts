import { expect, test } from 'vitest';
import { agentFiles, ledgerRequests } from '../helpers/agent-home.ts';
import { sumRequests } from '../helpers/agent-exceptions.ts';
import { temporaryHome } from '../helpers/home.ts';
import { agentHook, expectVerified, importAll } from '../helpers/program/agents.ts';
import { GROWING, droid, droidTotals } from './growing-sessions.ts';

/** Steps during which hooks start, each reading what it finds when it gets there. */
const TURNS = 12;

/** Starts two hooks at each step, one of them killed now and then, and goes on after some have ended. */
async function growWithHooks(
  session: ReturnType<typeof droid>,
  home: ReturnType<typeof temporaryHome>,
): Promise<void> {
  const { agent, event, steps } = session;
  const running: Promise<void>[] = [];
  for (const [index, step] of steps.entries()) {
    step();
    running.push(agentHook(home, agent, event));
    running.push(agentHook(home, agent, event, index % 3 === 0 ? 40 + index : null));
    if (index % 2 === 1) await running[index];
  }
  await Promise.all(running);
}

test('a counter that several processes look at while it rises adds up to its last value', async () => {
  const home = temporaryHome();
  const session = droid(home.folder, TURNS, () => []);
  await growWithHooks(session, home);
  await agentHook(home, session.agent, session.event);
  const totals = droidTotals(TURNS);
  const expected = {
    input: totals['inputTokens'],
    output: totals['outputTokens'],
    cacheRead: totals['cacheReadTokens'],
    cacheWrite: totals['cacheCreationTokens'],
  };
  expect(sumRequests(ledgerRequests(home.ledger))).toMatchObject(expected);
  importAll(home);
  expect(sumRequests(ledgerRequests(home.ledger))).toMatchObject(expected);
  expectVerified(home);
});

test.each(['Copilot store', 'OpenCode database'])(
  '%s: rows that are only in the write-ahead log of a running agent',
  async (name) => {
    const home = temporaryHome();
    const session = GROWING[name]?.(home.folder, TURNS, () => []);
    if (session === undefined) throw new Error(`${name} is not defined`);
    await growWithHooks(session, home);
    const before = agentFiles(home);
    await agentHook(home, session.agent, session.event);
    const hooked = ledgerRequests(home.ledger);
    expect(hooked).toHaveLength(TURNS);
    importAll(home);
    expect(ledgerRequests(home.ledger)).toEqual(hooked);
    expectVerified(home);
    // Neither checkpointed nor written to.
    expect(agentFiles(home)).toEqual(before);
    session.close();
  },
);
