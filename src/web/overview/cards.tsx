import type { ReactNode } from 'react';
import type { CacheSavings, CoverageAnswer, Summary } from '../api/types.ts';
import { filterQuery, timeQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import { inputTokens, formatLabel, getGroupValue } from '../dimensions.ts';
import {
  coverageShare,
  formatPlural,
  formatShare,
  short,
  formatCost,
  usdOfNano,
  whole,
} from '../format.ts';
import { hasFilters, useUrlState } from '../state/store.ts';
import { ViewLink } from '../ui/link.tsx';

export function Cards() {
  const { view } = useUrlState();
  const query = filterQuery(view);
  const byAgent = useApi<Summary>('/api/costs/summary', { ...query, groupBy: 'agent-type' });
  const lastHour = useApi<Summary>('/api/costs/summary', { ...view.filters, range: '1h' });
  const cache = useApi<CacheSavings>('/api/costs/cache', query);
  const totals = byAgent.data?.totals;
  const top = byAgent.data?.groups[0];
  const isOne = (byAgent.data?.groups.length ?? 0) === 1;
  return (
    <section className="cards" aria-label="At a glance">
      <Card name="Total spend" of={byAgent} value={totals && formatCost(totals.costUsd)}>
        {totals && `${formatPlural(totals.requests, 'request')}${describeUncertain(totals)}`}
      </Card>
      <Card
        name="Spend rate"
        of={lastHour}
        value={lastHour.data && `${formatCost(lastHour.data.totals.costUsd)}/h`}
      >
        in the last 60 minutes
      </Card>
      <Card
        name="Top agent"
        of={byAgent}
        value={
          byAgent.data &&
          (top === undefined
            ? '—'
            : formatLabel('agent-type', getGroupValue(top, 'agent-type') ?? null))
        }
      >
        {top !== undefined && totals !== undefined
          ? `${formatCost(top.costUsd)}${isOne || totals.costUsd === 0 ? '' : `, ${formatShare(top.costUsd / totals.costUsd)} of the total`}`
          : 'no requests'}
      </Card>
      <Card
        name="Total tokens"
        of={byAgent}
        value={totals && short(inputTokens(totals) + Number(totals.outputTokens))}
      >
        {totals && `${short(inputTokens(totals))} in, ${short(Number(totals.outputTokens))} out`}
      </Card>
      <Card name="Cache savings" of={cache} value={cache.data && formatCost(cache.data.savedUsd)}>
        {cache.data && savingsNote(cache.data, totals?.costUsd ?? 0)}
      </Card>
      <CoverageCard />
    </section>
  );
}

function describeUncertain({ estimatedCostNanoUsd, unpricedRequests }: Summary['totals']): string {
  if (Number(estimatedCostNanoUsd) > 0) return `, ${usdOfNano(estimatedCostNanoUsd)} estimated`;
  return Number(unpricedRequests) > 0 ? `, ${whole(unpricedRequests)} unpriced` : '';
}

function savingsNote(
  { savedUsd, requests, unknownRequests }: CacheSavings,
  costUsd: number,
): string {
  if (requests === 0) return 'no request used the cache';
  if (unknownRequests > 0)
    return `excludes ${formatPlural(unknownRequests, 'request')} with unknown rates`;
  return costUsd > 0 ? `${formatCost(costUsd + savedUsd)} without caching` : '';
}

/** Client totals cannot be filtered, so this card covers all requests of the period. */
function CoverageCard() {
  const { view } = useUrlState();
  const coverage = useApi<CoverageAnswer>('/api/costs/coverage', {
    ...timeQuery(view),
    pageSize: 1,
  });
  const totals = coverage.data?.totals;
  const ratio = totals && coverageShare(totals.costNanoUsd, totals.clientCostNanoUsd);
  const note =
    totals === undefined
      ? ''
      : ratio === null
        ? 'no client total to compare with'
        : `${usdOfNano(totals.unattributedCostNanoUsd)} not in transcripts${hasFilters(view) ? ', unfiltered' : ''}`;
  return (
    <Card
      name="Coverage"
      of={coverage}
      value={ratio === undefined ? undefined : ratio === null ? '—' : formatShare(ratio)}
    >
      <ViewLink to={{ page: 'coverage' }}>{note}</ViewLink>
    </Card>
  );
}

function Card({
  name,
  of,
  value,
  children,
}: {
  name: string;
  of: { error: Error | null; refetch: () => unknown };
  value: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className="card">
      <h2>{name}</h2>
      {value !== undefined ? (
        <>
          <p className="card-value" title={value}>
            {value}
          </p>
          <p className="note">{children}</p>
        </>
      ) : of.error === null ? (
        <div className="skeleton" aria-busy="true">
          <div className="skeleton-line skeleton-value" />
          <div className="skeleton-line" />
        </div>
      ) : (
        <>
          <p className="card-value">—</p>
          <button type="button" className="quiet-link" onClick={() => void of.refetch()}>
            Try again
          </button>
        </>
      )}
    </div>
  );
}
