import { useDeferredValue, useState } from 'react';
import { printable } from '../../core/lang/printable.ts';
import type { PriceJson } from '../../reports/prices.ts';
import type { Prices, Summary } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';

/** Nobody reads a longer list; the search finds the others. */
const SHOWN = 100;

/** The prices in force, for the models that were used, or for those that match the search. */
export default function PricesPage() {
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const prices = useApi<Prices>('/api/costs/pricing', { search }, { isStill: true });
  const used = useApi<Summary>('/api/costs/summary', { groupBy: 'model' }, { isStill: true });
  const models = new Set(used.data?.groups.map(({ key }) => String(key['model'])));
  const isSearched = search !== '';
  return (
    <>
      <Panel
        title={isSearched ? 'Models by name' : 'Models that you use'}
        note="current prices in USD per million tokens"
        aside={
          <label className="search">
            <span className="only-read">Search models</span>
            <input
              type="search"
              placeholder="Search models"
              value={text}
              maxLength={100}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        }
      >
        <Loaded of={prices} waiting={<Skeleton lines={8} />}>
          {({ prices: all }) => {
            const own = all.filter(({ model }) => models.has(model));
            const listed = isSearched || own.length === 0 ? all : own;
            return listed.length === 0 ? (
              <Empty title="No model matches">
                <p>
                  You can define prices of your own in a file: <code>tallyhook pricing --help</code>{' '}
                  explains how.
                </p>
              </Empty>
            ) : (
              <>
                <PriceTable prices={listed} />
                {isSearched ? null : <Unpriced of={used.data} priced={own} />}
              </>
            );
          }}
        </Loaded>
      </Panel>
    </>
  );
}

/** Lists models that were used and have no price of their own. */
function Unpriced({ of, priced }: { of: Summary | undefined; priced: PriceJson[] }) {
  const pricedModels = new Set(priced.map(({ model }) => model));
  const names = (of?.groups ?? [])
    .map(({ key }) => String(key['model']))
    .filter((model) => !pricedModels.has(model));
  if (names.length === 0) return null;
  return (
    <p className="note">
      {`Without a price of their own: ${names.slice(0, 20).join(', ')}. `}
      <code>tallyhook pricing unknown</code> shows which price is used instead.
    </p>
  );
}

const RATES = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cacheRead', 'Cache read'],
  ['cacheWrite5m', 'Write, 5 min'],
  ['cacheWrite1h', 'Write, 1 h'],
] as const;

function PriceTable({ prices }: { prices: PriceJson[] }) {
  return (
    <>
      <DataTable
        label="Prices"
        rows={prices.slice(0, SHOWN)}
        keyOf={({ id }) => id}
        columns={[
          {
            head: 'Model',
            cell: ({ model, provider }) => (
              <>
                {printable(model)}
                <span className="note"> {printable(provider ?? '')}</span>
              </>
            ),
          },
          ...RATES.map(([name, head]) => ({
            head,
            isNumber: true,
            cell: ({ usdPerMillion }: PriceJson) => rate(usdPerMillion[name]),
          })),
          {
            head: 'Source',
            tone: 'quiet',
            title: ({ source }) => printable(source),
            cell: ({ layer, sourceDate }) =>
              `${layer}${sourceDate === null ? '' : `, ${sourceDate.slice(0, 10)}`}`,
          },
        ]}
      />
      {prices.length > SHOWN ? (
        <p className="note">{`The first ${SHOWN} of ${prices.length}; search for others.`}</p>
      ) : null}
    </>
  );
}

function rate(value: number): string {
  return value === 0 ? '0' : value < 0.01 ? value.toPrecision(2) : String(Number(value.toFixed(4)));
}
