import type { Estimate } from '../reports/estimate.ts';
import { formatCount, formatUsd } from './text/number-format.ts';
import type { Style } from './text/style.ts';
import { renderTable } from './text/table.ts';

/** A table of the estimates, one model per row. */
export function renderEstimates(estimates: Estimate[], characters: number, style: Style): string {
  const dash = style.isUnicode ? '–' : '-';
  const table = renderTable(
    [
      { title: 'model', align: 'left', cut: 'middle', least: 12 },
      { title: 'tokens', align: 'right' },
      { title: 'token range', align: 'right', dispensable: 2 },
      { title: 'cost', align: 'right' },
      { title: 'cost range', align: 'right', dispensable: 1 },
      { title: '', align: 'left' },
    ],
    estimates.map(({ model, tokens, costNanoUsd: cost, priceBasis }) => [
      model,
      `~${formatCount(tokens.mid)}`,
      `${formatCount(tokens.low)}${dash}${formatCount(tokens.high)}`,
      cost === null ? '?' : aboutUsd(cost.mid),
      cost === null ? 'no price' : `${formatUsd(cost.low, 4)}${dash}${formatUsd(cost.high, 4)}`,
      priceBasis === 'fallback' ? 'no price of its own' : '',
    ]),
    null,
    style,
  );
  const note = 'Input only, uncached; the reply costs extra.';
  return `${formatCount(characters)} characters\n\n${table}\n\n${note}`;
}

/** `~$0.0123`, `<$0.0001`. */
function aboutUsd(nanoUsd: number): string {
  const text = formatUsd(nanoUsd, 4);
  return text.startsWith('<') ? text : `~${text}`;
}
