import { useState } from 'react';
import { printable } from '../../core/lang/printable.ts';
import { useRemoveBudget } from '../api/budgets.ts';
import type { BudgetStatusJson, Budgets } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { formatLabel } from '../dimensions.ts';
import { moment, formatShare, relative, formatCost } from '../format.ts';
import { Meter } from '../ui/meter.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { BudgetForm } from './budget-form.tsx';

export default function BudgetsPage() {
  const listed = useApi<Budgets>('/api/costs/budgets');
  /** The budget in the form; null: a new one; undefined: the form is closed. */
  const [edited, setEdited] = useState<BudgetStatusJson | null | undefined>(undefined);
  return (
    <>
      <Panel
        title="Spent per budget"
        note="budgets that apply to the last session"
        aside={
          <button
            type="button"
            className="button button-main"
            aria-expanded={edited === null}
            onClick={() => setEdited(edited === null ? undefined : null)}
          >
            New budget
          </button>
        }
      >
        {edited === undefined ? null : (
          <BudgetForm
            key={edited?.name ?? ''}
            budget={edited}
            onDone={() => setEdited(undefined)}
          />
        )}
        <Loaded of={listed}>
          {({ budgets }) =>
            budgets.length === 0 ? (
              <Empty title="No budgets yet">
                <p>
                  A budget warns you, or stops the agent, when a day, a session or a project reaches
                  its limit. Create one here, or with{' '}
                  <code>tallyhook budget set daily --limit 20 --per day</code>.
                </p>
              </Empty>
            ) : (
              <ul className="budgets">
                {budgets.map((budget) => (
                  <BudgetItem key={budget.name} budget={budget} onEdit={() => setEdited(budget)} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

const LEVELS = { fine: 'fine', warning: 'warning', critical: 'critical', over: 'over' } as const;

function BudgetItem({ budget, onEdit }: { budget: BudgetStatusJson; onEdit: () => void }) {
  const remove = useRemoveBudget();
  const [isSure, setSure] = useState(false);
  const { name, share, level, spentUsd, limitUsd, remainingNanoUsd, origin } = budget;
  const isOurs = origin === 'command';
  return (
    <li className="budget" aria-label={`Budget ${name}`}>
      <div className="budget-head">
        <h3>{name}</h3>
        {level === null ? null : <span className={`tag tag-${level}`}>{LEVELS[level]}</span>}
        <p className="note">{describeBudget(budget)}</p>
      </div>
      <div className="budget-sums">
        <span className="strong">{spentUsd === null ? 'nothing yet' : formatCost(spentUsd)}</span>
        <span className="quiet">{` of ${formatCost(limitUsd)}${share === null ? '' : `, ${formatShare(share)}`}`}</span>
        {remainingNanoUsd === null ? null : (
          <span className="budget-left quiet">{`${formatCost(remainingNanoUsd / 1e9)} left`}</span>
        )}
      </div>
      <Meter
        share={share ?? 0}
        tone={level ?? 'plain'}
        marks={[budget.warnPercent / 100, budget.criticalPercent / 100]}
      />
      <div className="budget-foot">
        <p className="note">{formatForecast(budget)}</p>
        {isOurs ? (
          <div className="budget-actions">
            <button
              type="button"
              className="quiet-link"
              onClick={onEdit}
              aria-label={`Change ${name}`}
            >
              Change
            </button>
            {isSure ? (
              <>
                <button
                  type="button"
                  className="quiet-link danger"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(name)}
                >
                  Yes, remove it
                </button>
                <button type="button" className="quiet-link" onClick={() => setSure(false)}>
                  Keep it
                </button>
              </>
            ) : (
              <button
                type="button"
                className="quiet-link"
                onClick={() => setSure(true)}
                aria-label={`Remove ${name}`}
              >
                Remove
              </button>
            )}
          </div>
        ) : (
          <p className="note">{`defined in the ${origin}`}</p>
        )}
      </div>
      {remove.error === null ? null : (
        <p className="form-error" role="alert">
          {remove.error.message}
        </p>
      )}
    </li>
  );
}

/** What a budget does, and at which percentages. */
const ACTIONS: Record<BudgetStatusJson['action'], (warn: number, critical: number) => string> = {
  observe: () => 'only records',
  warn: (warn, critical) => `warns at ${warn}%, ${critical}% and the limit`,
  ask: (warn, critical) => `warns at ${warn}% and ${critical}%, asks at the limit`,
  stop: (warn, critical) => `warns at ${warn}% and ${critical}%, stops the agent at the limit`,
};

function describeBudget({
  per,
  scope,
  action,
  warnPercent,
  criticalPercent,
}: BudgetStatusJson): string {
  const facts = Object.entries(scope).map(([name, value]) =>
    name === 'project' || name === 'client' ? formatLabel(name, value) : printable(value),
  );
  const of = facts.length === 0 ? 'all requests' : facts.join(', ');
  const each = per === 'total' ? 'in total' : `per ${per}`;
  return `${each}, ${of}; ${ACTIONS[action](warnPercent, criticalPercent)}`;
}

function formatForecast({ level, crossesAt, window, share }: BudgetStatusJson): string {
  if (window === null) return 'No session or prompt yet that it applies to.';
  if (level === 'over') return 'The limit is reached.';
  if (crossesAt !== null)
    return `At this rate the limit is reached ${relative(crossesAt)}, ${moment(crossesAt)}.`;
  if (share === 0) return 'Nothing spent yet.';
  return window.until === null
    ? 'It never resets.'
    : `At this rate it lasts until it resets, ${moment(window.until)}.`;
}
