import { type FormEvent, useState } from 'react';
import { BUDGET_ACTIONS, BUDGET_PERIODS } from '../../core/budget/budget.ts';
import {
  AMOUNT_FAULT,
  BUDGET_NAME,
  NAME_FAULT,
  PERCENT_FAULT,
  parseAmount,
  isPercent,
} from '../../core/budget/spec.ts';
import { type WantedBudget, useSetBudget } from '../api/budgets.ts';
import type { BudgetStatusJson } from '../api/types.ts';

const PERIOD_NAMES = {
  session: 'session',
  prompt: 'prompt',
  day: 'day',
  week: 'week',
  month: 'month',
  total: 'in total',
} as const;
const ACTION_NAMES = {
  observe: 'only record',
  warn: 'warn',
  ask: 'ask before each tool call',
  stop: 'stop the agent',
} as const;

interface Fields {
  name: string;
  limit: string;
  per: WantedBudget['per'];
  action: NonNullable<WantedBudget['action']>;
  model: string;
  project: string;
  warn: string;
  critical: string;
}

/** Creates or changes a budget. The server repeats the checks of this form. */
export function BudgetForm({
  budget,
  onDone,
}: {
  /** Null: create a new one. */
  budget: BudgetStatusJson | null;
  onDone: () => void;
}) {
  const [fields, setFields] = useState<Fields>(() => toFields(budget));
  const [fault, setFault] = useState<{ field: string | null; text: string } | null>(null);
  const set = useSetBudget();
  const field = (name: keyof Fields) => ({
    id: `budget-${name}`,
    value: fields[name],
    'aria-invalid': fault?.field === name,
    ...(fault?.field === name ? { 'aria-describedby': 'budget-fault' } : {}),
    onChange: (event: { target: { value: string } }) =>
      setFields({ ...fields, [name]: event.target.value }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const error = findFieldError(fields);
    setFault(error);
    if (error !== null) {
      document.getElementById(`budget-${error.field}`)?.focus();
      return;
    }
    set.mutate(toWantedBudget(fields, budget), {
      onSuccess: ({ overriddenBy }) => {
        if (overriddenBy === null) onDone();
        else
          setFault({
            field: null,
            text: `The budget is saved, but one of the same name in the ${overriddenBy} overrides it.`,
          });
      },
      onError: ({ field: name, message }) => setFault({ field: name, text: message }),
    });
  };
  return (
    <form
      className="form"
      onSubmit={submit}
      noValidate
      aria-label={budget === null ? 'New budget' : `Budget ${budget.name}`}
    >
      <label>
        Name
        <input
          {...field('name')}
          readOnly={budget !== null}
          autoFocus={budget === null}
          autoComplete="off"
        />
      </label>
      <label>
        Limit in USD
        <input
          {...field('limit')}
          inputMode="decimal"
          autoFocus={budget !== null}
          autoComplete="off"
        />
      </label>
      <label>
        Per
        <select {...field('per')}>{renderOptions(BUDGET_PERIODS, PERIOD_NAMES)}</select>
      </label>
      <label>
        At the limit
        <select {...field('action')}>{renderOptions(BUDGET_ACTIONS, ACTION_NAMES)}</select>
      </label>
      <label>
        Model <span className="note">default: all models</span>
        <input {...field('model')} autoComplete="off" />
      </label>
      <label>
        Project <span className="note">its folder or name</span>
        <input {...field('project')} autoComplete="off" />
      </label>
      <label>
        Warn at, percent
        <input {...field('warn')} inputMode="numeric" autoComplete="off" />
      </label>
      <label>
        Warn again at, percent
        <input {...field('critical')} inputMode="numeric" autoComplete="off" />
      </label>
      {fields.action === 'ask' || fields.action === 'stop' ? (
        <p className="note form-wide">
          <code>tallyhook init --budgets</code> registers the hooks that enforce it.
        </p>
      ) : null}
      {fault === null ? null : (
        <p className="form-error form-wide" id="budget-fault" role="alert">
          {fault.text}
        </p>
      )}
      <div className="form-actions form-wide">
        <button type="submit" className="button button-main" disabled={set.isPending}>
          {set.isPending ? 'Saving' : 'Save'}
        </button>
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function renderOptions<Name extends string>(names: readonly Name[], texts: Record<Name, string>) {
  return names.map((name) => (
    <option key={name} value={name}>
      {texts[name]}
    </option>
  ));
}

function toFields(budget: BudgetStatusJson | null): Fields {
  return {
    name: budget?.name ?? '',
    // Without allowances.
    limit: budget === null ? '' : String((budget.limitNanoUsd - budget.allowedNanoUsd) / 1e9),
    per: budget?.per ?? 'day',
    action: budget?.action ?? 'warn',
    model: budget?.scope.model ?? '',
    project: budget?.scope.project ?? '',
    warn: String(budget?.warnPercent ?? 80),
    critical: String(budget?.criticalPercent ?? 95),
  };
}

function findFieldError(fields: Fields): { field: keyof Fields; text: string } | null {
  const quoted = (name: keyof Fields): string =>
    fields[name] === '' ? 'Nothing' : `“${fields[name]}”`;
  if (!BUDGET_NAME.test(fields.name))
    return { field: 'name', text: `${quoted('name')} ${NAME_FAULT}.` };
  if (parseAmount(fields.limit) === null) {
    return { field: 'limit', text: `${quoted('limit')} ${AMOUNT_FAULT}.` };
  }
  for (const name of ['warn', 'critical'] as const) {
    if (!isPercent(Number(fields[name])))
      return { field: name, text: `${quoted(name)} ${PERCENT_FAULT}.` };
  }
  if (Number(fields.warn) > Number(fields.critical)) {
    return { field: 'warn', text: 'The first warning must not be above the second.' };
  }
  return null;
}

/** Keeps the fields of a budget that the form does not show. */
function toWantedBudget(fields: Fields, budget: BudgetStatusJson | null): WantedBudget {
  const { model, project, warn, critical, ...rest } = fields;
  const { branch, agentType, tool, provider, client } = budget?.scope ?? {};
  const fieldsOfScope = { branch, agentType, tool, provider, client, model, project };
  const scope = Object.fromEntries(
    Object.entries(fieldsOfScope).flatMap(([name, value]) => {
      const text = (value ?? '').trim();
      return text === '' ? [] : [[name, text]];
    }),
  );
  return {
    ...rest,
    ...scope,
    warn: Number(warn),
    critical: Number(critical),
    ...(budget?.failClosed === true ? { failClosed: true } : {}),
  };
}
