import * as z from 'zod';
import type { Budget } from '../../core/budget/budget.ts';
import { environmentPercents } from '../../core/budget/environment.ts';
import { isFault, parseBudget } from '../../core/budget/spec.ts';
import { lookupPrice } from '../../pricing/lookup.ts';
import { effectiveBudgets } from '../../budgets/effective.ts';
import { budgetJson } from '../../reports/budgets.ts';
import { budgetBody } from '../../schemas/bodies.ts';
import { budgetSetAnswer, budgetRemovedAnswer } from '../../schemas/answers/limits.ts';
import { BudgetWriter } from '../../store/budgets/writer.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { MAX_CHANGE_BYTES, checkedBody, ensureWritable } from '../http/changes.ts';
import type { WorkerContext } from '../workers/context.ts';
import { projectRoot } from '../http/parameters.ts';
import { Problem } from '../http/problem.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';

export const setBudgetRoute = route({
  method: 'post',
  path: '/api/costs/budgets',
  summary: 'Creates or replaces a budget, as `tallyhook budget set` does',
  access: 'change',
  query: z.strictObject({}),
  body: { maxBytes: MAX_CHANGE_BYTES, describe: 'The budget', schema: budgetBody },
  answer: budgetSetAnswer,
  thread: 'rows',
  respond: ({ body, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      ensureWritable(db);
      const { name, ...given } = checkedBody(budgetBody, body);
      const project = await projectRoot(given.project, db);
      const percents = environmentPercents(worker.env, []);
      const budget = parseBudget(
        name,
        project === undefined ? given : { ...given, project },
        'command',
        percents,
      );
      if (isFault(budget)) {
        const { key, given: value, fault } = budget;
        throw new Problem(400, 'bad_budget', `${JSON.stringify(value) ?? 'it'} ${fault}`, key);
      }
      refuseFamily(budget, worker, receivedAtMs);
      new BudgetWriter(db).set(budget, receivedAtMs);
      return {
        ...answerHead(receivedAtMs),
        budget: budgetJson(budget),
        overriddenBy: keepScopes(db, worker, name),
      };
    }),
});

export const removeBudgetRoute = route({
  method: 'delete',
  path: '/api/costs/budgets/{name}',
  summary: 'Removes a budget, as `tallyhook budget remove` does; its history is kept',
  access: 'change',
  query: z.strictObject({ name: z.string().min(1).max(100) }),
  refusals: [404, 409],
  answer: budgetRemovedAnswer,
  thread: 'rows',
  respond: ({ query: { name }, receivedAtMs }, worker) =>
    worker.ledger((db) => {
      ensureWritable(db);
      const isRemoved = new BudgetWriter(db).remove(name);
      const overriddenBy = keepScopes(db, worker, name);
      if (!isRemoved && overriddenBy !== null) {
        const message = `${name} is defined in the ${overriddenBy}, so it can't be removed here`;
        throw new Problem(409, 'not_yours', message, 'name');
      }
      if (!isRemoved)
        throw new Problem(404, 'not_found', `there is no budget named ${name}`, 'name');
      return { ...answerHead(receivedAtMs), name, isRemoved: true as const, overriddenBy };
    }),
});

/** Records have the exact model name, so a budget for a family would never match. @throws Problem */
function refuseFamily({ scope: { model } }: Budget, worker: WorkerContext, nowMs: number): void {
  if (model === null) return;
  const price = lookupPrice(worker.prices, model, nowMs);
  if (price.basis !== 'family') return;
  const message = `${model} is a family of models: name one model, such as ${price.model}`;
  throw new Problem(400, 'bad_budget', message, 'model');
}

/** Rolls up what budgets measure from now on. @returns what defines an overriding budget of this name, or null */
function keepScopes(db: Ledger, worker: WorkerContext, name: string) {
  const { budgets, scopes } = effectiveBudgets(db, worker.env, worker.settings, '/');
  new BudgetWriter(db).keepScopes(scopes);
  const origin = budgets.find((budget) => budget.name === name)?.origin ?? 'command';
  return origin === 'command' ? null : origin;
}
