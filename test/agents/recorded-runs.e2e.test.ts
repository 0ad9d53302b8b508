import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AGENTS, setupOf } from '../../src/agents/registry.ts';
import { EXCEPTIONS, expectedInLedger, sumRequests } from '../helpers/agent-exceptions.ts';
import {
  agentFiles,
  copyFolder,
  endEvent,
  filesBelow,
  ledgerRequests,
  placeRun,
} from '../helpers/agent-home.ts';
import { temporaryHome } from '../helpers/home.ts';
import { readJson, sharedFolder } from '../helpers/shared.ts';
import { agentRuns } from '../helpers/agent-runs.ts';
import { isThorough } from '../helpers/thorough.ts';
import { agentHook, expectVerified, importAll, recordedEvents } from '../helpers/program/agents.ts';

const runs = AGENTS.filter(({ name }) => name !== 'claude-code').flatMap(({ name }) =>
  agentRuns(name).map((run) => ({
    agent: name,
    name: run.name,
    run,
    expected: expectedInLedger(name, run.name, run.expected),
  })),
);

/** Numbers below `below` that are the same in each run of the tests. */
function seededNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Hooks take the same way through the code for every run of an agent. */
const hookRuns = runs.filter(
  ({ agent }, index) => isThorough || runs.findIndex((run) => run.agent === agent) === index,
);

test('every exception is in the coverage of its agent', () => {
  for (const [agent, exceptions] of Object.entries(EXCEPTIONS)) {
    for (const { coverage } of exceptions) expect(setupOf(agent)?.coverage).toContain(coverage);
  }
});

describe.skipIf(runs.length === 0)('recorded runs in the ledger', () => {
  test.each(runs)('$agent $name by import, twice', ({ agent, run, expected }) => {
    const { home } = placeRun(agent, run);
    const before = agentFiles(home);
    expect(importAll(home).unread).toEqual([]);
    expect(ledgerRequests(home.ledger)).toEqual(expected);
    importAll(home);
    expect(ledgerRequests(home.ledger)).toEqual(expected);
    expectVerified(home);
    expect(agentFiles(home)).toEqual(before);
    expect(existsSync(home.log)).toBe(false);
  });

  test.each(hookRuns)('$agent $name by hooks, twice', async ({ agent, run, expected }) => {
    const { home, events } = placeRun(agent, run);
    const before = agentFiles(home);
    for (const event of recordedEvents(agent, events)) await agentHook(home, agent, event);
    expect(ledgerRequests(home.ledger)).toEqual(expected);
    for (const event of recordedEvents(agent, events).slice(-5))
      await agentHook(home, agent, event);
    expect(ledgerRequests(home.ledger)).toEqual(expected);
    expectVerified(home);
    expect(agentFiles(home)).toEqual(before);
    expect(existsSync(home.log)).toBe(false);
  });

  test.each(hookRuns)(
    '$agent $name by hooks in any order, some killed, and import between them',
    async ({ agent, run, expected }) => {
      const number = seededNumbers(run.events.length + agent.length);
      const { home, events } = placeRun(agent, run);
      const order = recordedEvents(agent, events)
        .map((event) => ({ event, at: number(1000) }))
        .toSorted((a, b) => a.at - b.at)
        .slice(0, 24);
      for (let at = 0; at < order.length; at += 4) {
        const hooks = order.slice(at, at + 4).map(({ event }) => {
          return agentHook(home, agent, event, number(2) === 0 ? number(90) : null);
        });
        if (number(3) === 0) importAll(home);
        await Promise.all(hooks);
      }
      importAll(home);
      expect(ledgerRequests(home.ledger)).toEqual(expected);
      expectVerified(home);
    },
  );
});

const forks = sharedFolder('real/codex-forks');

/** Codex before 0.160 only counted; a fork begins with a copy of its parent's lines. */
describe.skipIf(forks === null)('forks of Codex before 0.160 in the ledger', () => {
  const families = [
    { family: 'live-fork-4d90-52bf', tokens: { scannerUnits: expectedUnits() } },
    { family: 'archived-fork-33ce-3869', tokens: { all: expectedLastTotal() } },
    { family: 'harness-smoke', tokens: { all: 17 } },
  ];

  function expectedUnits(): number {
    const path = `${forks}/live-fork-4d90-52bf/manifest.json`;
    if (forks === null) return 0;
    return readJson<{ scannerOracle: { dedupedScannerUnits: number } }>(path).scannerOracle
      .dedupedScannerUnits;
  }

  function expectedLastTotal(): number {
    const path = `${forks}/archived-fork-33ce-3869/codex-home/archived_sessions/child.jsonl`;
    if (forks === null) return 0;
    const totals = readFileSync(path, 'utf8').matchAll(/"total_token_usage":(\{[^}]*\})/g);
    return (JSON.parse([...totals].at(-1)?.[1] ?? '{}') as { total_tokens: number }).total_tokens;
  }

  function countTokens(ledger: string): { all: number; scannerUnits: number } {
    const requests = ledgerRequests(ledger);
    const { input, output, cacheRead, cacheWrite } = sumRequests(requests);
    const all = input + output + cacheRead + cacheWrite;
    return { all, scannerUnits: all + cacheRead };
  }

  test.each(families)('$family by import and by hooks', async ({ family, tokens }) => {
    const home = temporaryHome();
    copyFolder(`${forks}/${family}/codex-home`, `${home.folder}/.codex`);
    const paths = filesBelow(`${home.folder}/.codex`);
    importAll(home);
    expect(countTokens(home.ledger)).toMatchObject(tokens);
    expectVerified(home);
    for (const order of [paths, paths.toReversed()]) {
      rmSync(home.data, { recursive: true });
      for (const path of order) {
        await agentHook(home, 'codex', endEvent('codex', basename(path, '.jsonl'), path));
      }
      expect(countTokens(home.ledger)).toMatchObject(tokens);
      importAll(home);
      expect(countTokens(home.ledger)).toMatchObject(tokens);
      expectVerified(home);
    }
  });
});
