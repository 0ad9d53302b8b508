import { rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alerts, budget, setBudgets } from '../helpers/budgets.ts';
import { ask, askBeside, spend } from '../helpers/program/hook-budgets.ts';
import { type Home, query, temporaryHome, writeSettings } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { TROUBLES, fold, spoilPages } from '../helpers/program/troubles.ts';
import { isThorough } from '../helpers/thorough.ts';

const failClosedFile = (home: Home): string =>
  join(dirname(home.ledger), 'budgets-fail-closed.json');

function spentHome(...budgets: ReturnType<typeof budget>[]): Home {
  const home = temporaryHome();
  setBudgets(home.ledger, ...budgets);
  spend(home, 104);
  // Recorded, and folded into the file.
  ask(home, 'SessionStart');
  return home;
}

const QUESTIONS = ['PostToolBatch', 'UserPromptSubmit', 'PreCompact', 'PreToolUse', 'Stop'];

function answered(home: Home): string[] {
  return QUESTIONS.filter((event) => ask(home, event) !== null);
}

const STOPPED = ['PostToolBatch', 'UserPromptSubmit', 'PreCompact'];

/** While others write the ledger can still be read. */
const UNREADABLE = TROUBLES.filter(({ name }) => !name.startsWith('locked by'));

describe('a ledger that can not be read: budgets fail open', () => {
  test.each(UNREADABLE)('$name', ({ start }) => {
    const home = spentHome(budget(), budget({ name: 'asks', action: 'ask' }));
    const end = start(home);
    expect(answered(home)).toEqual([]);
    end();
    expect(answered(home)).not.toEqual([]);
  });

  test('pages of garbage', () => {
    const home = spentHome(budget());
    spoilPages(home);
    expect(answered(home)).toEqual([]);
  });
});

describe('a ledger that can not be read: a budget that fails closed counts as spent', () => {
  test.each(UNREADABLE)('$name', ({ start }) => {
    const home = spentHome(budget({ limitNanoUsd: 1e12, isFailClosed: true }));
    expect(answered(home)).toEqual([]);
    const end = start(home);
    expect(answered(home)).toEqual(STOPPED);
    expect(ask(home, 'UserPromptSubmit', { prompt: 'tallyhook budget status' })).toBe(null);
    end();
    expect(answered(home)).toEqual([]);
  });

  test('it says why, and the way out is one', () => {
    const home = spentHome(budget({ isFailClosed: true }));
    fold(home);
    writeFileSync(home.ledger, 'no database at all\n'.repeat(1000));
    const { reason } = ask(home, 'UserPromptSubmit') as { reason: string };
    expect(reason.replace(home.folder, '~')).toMatchInlineSnapshot(`
      "Budget cap can't be checked (file is not a database). It fails closed, so it counts as spent.
      Run "tallyhook verify" for details. To continue without the check: remove ~/.local/share/tallyhook/budgets-fail-closed.json, or "failClosed" from the settings"
    `);
    rmSync(failClosedFile(home));
    expect(answered(home)).toEqual([]);
  });

  test('one that asks asks, one that warns is silent, one of another project is not asked', () => {
    const closed = { isFailClosed: true, limitNanoUsd: 1e12 } as const;
    const scope = { ...budget().scope, project: '/elsewhere' };
    const home = spentHome(
      budget({ ...closed, name: 'asks', action: 'ask' }),
      budget({ ...closed, name: 'warns', action: 'warn' }),
      budget({ ...closed, name: 'other', scope }),
    );
    fold(home);
    writeFileSync(home.ledger, 'no database at all\n'.repeat(1000));
    expect(answered(home)).toEqual(['PreToolUse']);
  });

  test('in the settings too', () => {
    const home = spentHome();
    const limit = { limit: 1000, per: 'session', action: 'stop', failClosed: true };
    writeSettings(home, { budgets: { cap: limit } });
    expect(answered(home)).toEqual([]);
    fold(home);
    writeFileSync(home.ledger, 'no database at all\n'.repeat(1000));
    expect(answered(home)).toEqual(STOPPED);
  });

  test('what is spent and can not be written counts as spent', () => {
    const home = spentHome(budget({ limitNanoUsd: 1e12, isFailClosed: true }));
    const lock = TROUBLES.find(({ name }) => name === 'locked by a writer');
    const end = lock?.start(home);
    expect(ask(home, 'PostToolBatch')).toMatchObject({ continue: false });
    end?.();
    expect(ask(home, 'PostToolBatch')).toBe(null);
  });

  test('the file beside the ledger follows the commands, for its owner alone', () => {
    const home = temporaryHome();
    const set = ['budget', 'set', 'cap', '--limit', '1', '--per', 'day', '--action', 'stop'];
    expect(cli(home, [...set, '--fail-closed']).status).toBe(0);
    expect(statSync(failClosedFile(home)).mode & 0o777).toBe(0o600);
    expect(cli(home, set).status).toBe(0);
    expect(statSync(failClosedFile(home), { throwIfNoEntry: false })).toBe(undefined);
    expect(cli(home, [...set, '--fail-closed']).status).toBe(0);
    expect(cli(home, ['budget', 'remove', 'cap']).status).toBe(0);
    expect(statSync(failClosedFile(home), { throwIfNoEntry: false })).toBe(undefined);
  });
});

test('while another writes, what is known decides', () => {
  const home = spentHome(budget());
  const lock = TROUBLES.find(({ name }) => name === 'locked by a writer');
  const end = lock?.start(home);
  expect(ask(home, 'PostToolBatch')).toMatchObject({ continue: false });
  expect(alerts(home.ledger)).toEqual([]);
  end?.();
});

describe('a crossing is told once', () => {
  const SOFT = budget({ name: 'soft', per: 'total', action: 'warn' });
  const told = (answers: unknown[]): number =>
    answers.filter((answer) => JSON.stringify(answer).includes('budget soft')).length;

  test('by one of sixteen hooks at once', async () => {
    const home = temporaryHome();
    setBudgets(home.ledger, SOFT);
    const sessions = Array.from({ length: 16 }, (_, index) => `s${index}`);
    // Only all of them together reach the threshold.
    for (const session of sessions) spend(home, 5, { session });
    const asked = await Promise.all(
      sessions.map((session) => askBeside(home, 'PostToolBatch', { session })),
    );
    expect(told(asked.map(({ answer }) => answer))).toBe(1);
    expect(alerts(home.ledger)).toEqual(['soft warning']);
  });

  test('whenever hooks are killed, whose last words the client takes too', async () => {
    const [rounds, tellings]: [number, number[]] = [isThorough ? 12 : 5, []];
    let killed = 0;
    for (let round = 0; round < rounds; round++) {
      const home = temporaryHome();
      setBudgets(home.ledger, SOFT);
      spend(home, 85);
      const answers: unknown[] = [];
      for (let wait = 10 + round; wait < 90 && told(answers) === 0; wait += 8) {
        const { answer, signal } = await askBeside(home, 'PostToolBatch', { killAfterMs: wait });
        if (signal !== null) killed += 1;
        answers.push(answer);
      }
      answers.push(ask(home, 'PostToolBatch'), ask(home, 'Stop'));
      tellings.push(told(answers));
      expect(alerts(home.ledger)).toEqual(['soft warning']);
      expect(query(home.ledger, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    }
    expect(killed).toBeGreaterThan(0);
    expect(Math.max(...tellings)).toBe(1);
    // Between keeping and telling are microseconds.
    expect(tellings.filter((times) => times === 1).length).toBeGreaterThanOrEqual(rounds - 1);
  });
});
