import type {
  ReconciledAmounts,
  ReconciledRow,
  Reconciliation,
} from '../reports/reconcile/reconcile.ts';
import { csvLine } from './text/csv.ts';
import { formatCount, usdDigits } from './text/number-format.ts';
import { signedUsd } from './text/signed.ts';
import type { Style } from './text/style.ts';
import { type Sheet, renderSheet } from './text/table.ts';
import { wrapText } from './text/wrap.ts';

const NAMES = { anthropic: 'Anthropic', openai: 'OpenAI' } as const;
const ELSEWHERE =
  'The report covers the whole organization, including other machines, people and API keys.';

/** The days and models that differ, and the totals of all. */
export function renderReconciliation(document: Reconciliation, style: Style): string {
  const { vendor, kind, days, rows } = document;
  if (rows.length === 0) return 'Neither the report nor the ledger has any usage.\n';
  const agreeing = rows.filter(({ agrees }) => agrees).length;
  const range = days === null ? '' : `, ${days.first} to ${days.last} (UTC)`;
  const title = `${style.bold(`${NAMES[vendor]}'s ${kind} compared with the ledger`)}${range}: ${formatCount(agreeing)} of ${formatCount(rows.length)} days and models agree`;
  const lines = [title, renderSheet(reconcileSheet(document, style), style)];
  if (agreeing < rows.length) {
    lines.push('', ...wrapText(ELSEWHERE, style.columns).map((line) => style.dim(line)));
  }
  return `${lines.join('\n')}\n`;
}

export function reconcileSheet(
  { vendor, kind, rows, totals }: Reconciliation,
  style: Style,
): Sheet {
  const digits = usdDigits(totals.vendor.costNanoUsd ?? 0);
  const cells = (row: Omit<ReconciledRow, 'day' | 'model' | 'agrees'>): string[] => [
    amountText(row.vendor, digits, false),
    amountText(row.ledger, digits, false),
    amountText(row.difference, digits, true),
  ];
  return {
    columns: [
      { title: 'Day', align: 'left' },
      { title: 'Model', align: 'left', cut: 'middle', paint: style.cyan },
      { title: kind === 'cost' ? NAMES[vendor] : `${NAMES[vendor]}'s tokens`, align: 'right' },
      { title: 'Ledger', align: 'right' },
      { title: 'Difference', align: 'right', paint: style.yellow },
    ],
    rows: rows
      .filter(({ agrees }) => !agrees)
      .map((row) => [row.day, row.model ?? '(all)', ...cells(row)]),
    last: ['Total', '', ...cells(totals)],
  };
}

/** All rows, including those that agree. */
export function renderReconciliationCsv({ rows }: Reconciliation): string {
  const fields = ['costNanoUsd', 'inputTokens', 'outputTokens', 'cacheReadTokens'] as const;
  const names = [...fields, 'cacheWriteTokens'] as const;
  const sides = ['vendor', 'ledger', 'difference'] as const;
  const titles = sides.flatMap((side) => names.map((name) => `${side}.${name}`));
  return [
    csvLine(['day', 'model', ...titles]),
    ...rows.map((row) =>
      csvLine([
        row.day,
        row.model,
        ...sides.flatMap((side) => names.map((name) => row[side][name])),
      ]),
    ),
  ].join('');
}

function amountText(amounts: ReconciledAmounts, digits: number, isSigned: boolean): string {
  const { costNanoUsd } = amounts;
  if (costNanoUsd !== null) return signedUsd(costNanoUsd, digits, isSigned);
  const tokens = [
    amounts.inputTokens,
    amounts.outputTokens,
    amounts.cacheReadTokens,
    amounts.cacheWriteTokens,
  ].reduce((sum: bigint, count) => sum + BigInt(count ?? 0), 0n);
  return `${isSigned && tokens > 0n ? '+' : ''}${formatCount(tokens.toString())}`;
}
