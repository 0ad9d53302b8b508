import { printable } from '../core/lang/printable.ts';
import type {
  PriceDifference,
  PriceJson,
  RatesJson,
  RepricedModel,
  ShownPrice,
  UnknownPrice,
} from '../reports/prices.ts';
import { formatCount, formatUsd } from './text/number-format.ts';
import type { Style } from './text/style.ts';
import { renderTable } from './text/table.ts';

const RATE_COLUMNS = [
  { title: 'input', align: 'right' },
  { title: 'output', align: 'right' },
  { title: 'write 5m', align: 'right', dispensable: 1 },
  { title: 'write 1h', align: 'right', dispensable: 2 },
  { title: 'read', align: 'right' },
] as const;

function rates({ input, output, cacheWrite5m, cacheWrite1h, cacheRead }: RatesJson): string[] {
  return [input, output, cacheWrite5m, cacheWrite1h, cacheRead].map(String);
}

/** The price of a model, why it applies, and its source. */
export function renderShownPrice(shown: ShownPrice, style: Style): string {
  const { asked, model, basis, why, price, at } = shown;
  const lines = [
    `${style.bold(printable(asked))}${asked === model ? '' : ` = ${printable(model)}`} at ${at.slice(0, 16).replace('T', ' ')} UTC`,
    printable(`${basis}: ${why}`),
  ];
  if (price === null)
    return [...lines, 'Its tokens are counted, but its cost is unknown.'].join('\n');
  lines.push(
    printable(`${price.id}, ${period(price)}`),
    printable(
      `from ${price.layer === 'built-in' ? 'the built-in table: ' : ''}${price.source}${price.sourceDate === null ? '' : `, read ${price.sourceDate}`}`,
    ),
    '',
    'USD per million tokens:',
    renderTable(
      [{ title: '', align: 'left' }, ...RATE_COLUMNS],
      [
        ['any prompt', ...rates(price.usdPerMillion)],
        ...(price.longPrompt === null
          ? []
          : [
              [
                `over ${formatCount(price.longPrompt.abovePromptTokens)} tokens`,
                ...rates(price.longPrompt),
              ],
            ]),
      ],
      null,
      style,
    ),
  );
  if (price.fastMultiplier !== null) lines.push(`Fast mode: times ${price.fastMultiplier}.`);
  if (shown.periods.length > 1) {
    lines.push(
      '',
      'All periods:',
      ...shown.periods.map((one) => `  ${period(one)}  ${rates(one.usdPerMillion).join(' / ')}`),
    );
  }
  return lines.join('\n');
}

function period({ from, to }: PriceJson): string {
  const start = from === null ? 'always' : `from ${from.slice(0, 10)}`;
  return to === null ? start : `${start} until ${to.slice(0, 10)}`;
}

export function renderPriceList(prices: PriceJson[], style: Style): string {
  if (prices.length === 0) return 'No matching model.';
  return renderTable(
    [
      { title: 'provider', align: 'left', dispensable: 3 },
      { title: 'model', align: 'left', cut: 'middle', least: 15 },
      ...RATE_COLUMNS,
      { title: 'from', align: 'left', dispensable: 4 },
      { title: 'source', align: 'left', dispensable: 5 },
    ],
    prices.map((price) => [
      price.provider ?? '',
      price.model,
      ...rates(price.usdPerMillion),
      price.from?.slice(0, 10) ?? '',
      price.source,
    ]),
    null,
    style,
  );
}

/** @param isFetched whether `pricing update` has ever stored prices */
export function renderPriceDiff(
  differences: PriceDifference[],
  isFetched: boolean,
  style: Style,
): string {
  if (!isFetched) return 'No price update has been fetched. Run tallyhook pricing update.';
  if (differences.length === 0) return 'The fetched prices are the same as the built-in ones.';
  return renderTable(
    [
      { title: 'model', align: 'left', cut: 'middle', least: 15 },
      { title: '', align: 'left' },
      ...RATE_COLUMNS,
      { title: 'source', align: 'left', dispensable: 3 },
    ],
    differences.flatMap(({ model, builtin, updated }) => [
      [
        model,
        '-',
        ...(builtin === null
          ? ['', '', '', '', '', 'not in the table']
          : [...rates(builtin.usdPerMillion), builtin.source]),
      ],
      ['', '+', ...rates(updated.usdPerMillion), updated.source],
    ]),
    null,
    style,
  );
}

const BY_NOTHING = { none: 'nothing', unmetered: 'unmetered' } as const;

export function renderUnknownPrices(models: UnknownPrice[], style: Style): string {
  if (models.length === 0) return 'Every request has a price of its own.';
  const table = renderTable(
    [
      { title: 'model', align: 'left' },
      { title: 'priced by', align: 'left' },
      { title: 'requests', align: 'right' },
      { title: 'prompt tokens', align: 'right' },
      { title: 'output tokens', align: 'right' },
      { title: 'cost', align: 'right' },
    ],
    models.map((one) => [
      one.model,
      one.priceBasis === 'fallback' ? one.priceBasis : BY_NOTHING[one.priceBasis],
      formatCount(one.requests),
      formatCount(one.promptTokens),
      formatCount(one.outputTokens),
      one.priceBasis === 'fallback' ? `~${formatUsd(one.costNanoUsd, 4)}` : '?',
    ]),
    null,
    style,
  );
  const isUnmetered = (one: UnknownPrice): boolean => one.priceBasis === 'unmetered';
  const notes: string[] = [];
  if (!models.every(isUnmetered)) {
    notes.push(
      'To price them, run tallyhook pricing update (or set pricing.file), then tallyhook reprice.',
    );
  }
  if (models.some(isUnmetered)) {
    notes.push(
      'Unmetered: the transcript has no readable token counts, so no price helps. Check what the gateway reports.',
    );
  }
  return [table, '', ...notes].join('\n');
}

export function renderReprice(models: RepricedModel[], style: Style): string {
  if (models.length === 0) return 'No price would change.';
  const sum = (field: 'oldCostNanoUsd' | 'newCostNanoUsd'): bigint =>
    models.reduce((total, model) => total + model[field], 0n);
  const requests = models.reduce((total, model) => total + model.requests, 0);
  return renderTable(
    [
      { title: 'model', align: 'left' },
      { title: 'requests', align: 'right' },
      { title: 'price', align: 'left' },
      { title: 'old', align: 'right' },
      { title: 'new', align: 'right' },
    ],
    models.map((one) => [
      one.model,
      formatCount(one.requests),
      `${one.oldBases.join(', ')} > ${one.newBases.join(', ')}`,
      formatUsd(String(one.oldCostNanoUsd), 4),
      formatUsd(String(one.newCostNanoUsd), 4),
    ]),
    [
      'total',
      formatCount(requests),
      '',
      formatUsd(String(sum('oldCostNanoUsd')), 4),
      formatUsd(String(sum('newCostNanoUsd')), 4),
    ],
    style,
  );
}
