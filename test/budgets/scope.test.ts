import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appliesToEvent, nextRequestMatches } from '../../src/budgets/scope.ts';
import { type BudgetScope, WHOLE_SCOPE } from '../../src/core/budget/budget.ts';
import { budget } from '../helpers/budgets.ts';
import { hookEvent } from '../helpers/hook-event.ts';
import { temporaryFolder } from '../helpers/ledger.ts';

const scope = (over: Partial<BudgetScope>): BudgetScope => ({ ...WHOLE_SCOPE, ...over });

/** A repository on a branch. */
function repository(branch: string): string {
  const folder = realpathSync(temporaryFolder());
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, '.git/HEAD'), `ref: refs/heads/${branch}\n`);
  return folder;
}

describe('a budget applies to what is spent here', () => {
  const applies = (over: Partial<BudgetScope>, cwd: string | null, client = 'claude-code') =>
    appliesToEvent(budget({ scope: scope(over) }), hookEvent({ cwd }), client);

  test('if it is of everything, wherever that is', () => {
    expect(applies({}, null)).toBe(true);
    expect(applies({}, '/nowhere')).toBe(true);
  });

  test('if it is of this client', () => {
    expect(applies({ client: 'claude-code' }, null)).toBe(true);
    expect(applies({ client: 'codex' }, null)).toBe(false);
  });

  test('if it is of this project, also from a folder in it', () => {
    const project = repository('main');
    expect(applies({ project }, project)).toBe(true);
    expect(applies({ project }, join(project, 'src'))).toBe(true);
    expect(applies({ project: join(project, 'src') }, project)).toBe(false);
    expect(applies({ project }, repository('main'))).toBe(false);
    expect(applies({ project }, null)).toBe(false);
  });

  test('if it is of this branch', () => {
    const project = repository('fix/SHOP-12');
    expect(applies({ branch: 'fix/SHOP-12' }, project)).toBe(true);
    expect(applies({ branch: 'fix' }, project)).toBe(false);
    expect(applies({ branch: 'fix/SHOP-12' }, null)).toBe(false);
  });

  test('only if all of it fits', () => {
    const project = repository('main');
    expect(applies({ project, branch: 'main', client: 'claude-code' }, project)).toBe(true);
    expect(applies({ project, branch: 'other', client: 'claude-code' }, project)).toBe(false);
    expect(applies({ project, branch: 'main', client: 'codex' }, project)).toBe(false);
  });
});

describe('the next request would be spent on', () => {
  const OPUS = { model: 'claude-opus-4-8', provider: 'anthropic' };
  const bash = { name: 'Bash', toolUseId: null, shellCommand: 'ls' };
  const explorer = hookEvent({ agentType: 'Explore', pendingTools: [bash] });
  const main = hookEvent({ agentType: null, pendingTools: [] });

  test.each<[what: string, Partial<BudgetScope>, ofExplorer: boolean, ofMain: boolean]>([
    ['everything', {}, true, true],
    ['its own type of agent', { agentType: 'Explore' }, true, false],
    ['another type of agent', { agentType: 'Plan' }, false, false],
    ['the tool that it has used', { tool: 'Bash' }, true, false],
    ['another tool', { tool: 'Read' }, false, false],
    ['the model that it talks to', { model: 'claude-opus-4-8' }, true, true],
    ['another model', { model: 'claude-haiku-4-5' }, false, false],
    ['the provider', { provider: 'anthropic' }, true, true],
    ['another provider', { provider: 'google' }, false, false],
    ['a tool with that model', { tool: 'Bash', model: 'claude-opus-4-8' }, true, false],
    ['a tool with another model', { tool: 'Bash', model: 'claude-haiku-4-5' }, false, false],
  ])('%s', (_, over, ofExplorer, ofMain) => {
    expect(nextRequestMatches(scope(over), explorer, () => OPUS)).toBe(ofExplorer);
    expect(nextRequestMatches(scope(over), main, () => OPUS)).toBe(ofMain);
  });

  test('no model, where none is known', () => {
    expect(nextRequestMatches(scope({ model: OPUS.model }), main, () => null)).toBe(false);
    expect(nextRequestMatches(scope({ provider: OPUS.provider }), main, () => null)).toBe(false);
  });

  test('the ledger is asked for the model only where one counts', () => {
    let asked = 0;
    const lastModel = () => {
      asked += 1;
      return OPUS;
    };
    nextRequestMatches(scope({ agentType: 'Explore', tool: 'Bash' }), explorer, lastModel);
    expect(asked).toBe(0);
    nextRequestMatches(scope({ model: OPUS.model }), explorer, lastModel);
    expect(asked).toBe(1);
  });
});
