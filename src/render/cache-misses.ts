import type { MissReason } from '../core/attribution/cache-miss.ts';
import type { ZoneOffset } from '../core/time/period.ts';
import type { CacheMissReport } from '../reports/cache-misses.ts';
import type { CacheMiss } from '../reports/explain/explain.ts';
import { localTime, percent, right } from './text/cells.ts';
import { type CsvValue, csvLine } from './text/csv.ts';
import { formatCount, formatUsd, usdDigits } from './text/number-format.ts';
import { markdownTable, markdownText } from './text/markdown.ts';
import { requestsText } from './notes.ts';
import { requestModel } from './requests.ts';
import type { Style } from './text/style.ts';
import { type Sheet, renderSheet } from './text/table.ts';
import { wrapText } from './text/wrap.ts';

export interface MissView {
  style: Style;
  offset: ZoneOffset;
}

/** Each reason in words. */
const REASON_LABELS: Record<MissReason, string> = {
  compaction: 'compacted',
  fork: 'first request of a fork',
  'model-switch': 'another model',
  'idle-5m': 'idle past 5 minutes',
  'idle-1h': 'idle past an hour',
  'not-cached': 'was not cached',
  'system-or-tools-changed': 'system prompt or tools changed',
  'context-changed': 'context changed or evicted',
};

/** What avoids a miss, for the reasons that a user can do something about. */
const REMEDIES: Partial<Record<MissReason, string>> = {
  'model-switch': 'each model has its own cache: switch models between tasks, not within one',
  'idle-5m': 'the cache had expired: continue sooner, or /compact before a break',
  'idle-1h': 'the cache had expired: /compact before a long break, or start a new session after it',
  'system-or-tools-changed': 'change MCP servers, tools and instruction files between sessions',
  'context-changed': 'rewinding and edits of earlier context do this; evictions cannot be avoided',
};

const NO_MISSES = 'No request lost its cache.';

export function renderCacheMisses(report: CacheMissReport, view: MissView): string {
  const { style } = view;
  if (report.requests === 0) return `${report.note ?? NO_MISSES}\n`;
  const total = Number(report.totals.costNanoUsd);
  const share = total > 0 ? ` (${percent(Number(report.costNanoUsd) / total)})` : '';
  const title =
    `${formatUsd(report.costNanoUsd, 4)}${share} was spent re-sending context that had been cached: ` +
    `${formatCount(report.requests)} of ${requestsText(report.totals.requests)}`;
  const lines = [
    ...wrapText(title, style.columns),
    '',
    renderSheet(reasonSheet(report), style),
    ...remedyLines(report, style),
    '',
    renderSheet(missSheet(report.misses, view), style),
  ];
  return `${lines.join('\n')}\n`;
}

function remedyLines({ byReason }: CacheMissReport, style: Style): string[] {
  const lines = byReason.flatMap(({ reason }) => {
    const remedy = REMEDIES[reason];
    return remedy === undefined
      ? []
      : wrapText(`${REASON_LABELS[reason]}: ${remedy}`, style.columns);
  });
  return lines.length === 0 ? [] : ['', ...lines.map((line) => style.dim(line))];
}

export function cacheMissesMarkdown(report: CacheMissReport, view: MissView): string {
  if (report.requests === 0) return `${markdownText(report.note ?? NO_MISSES)}\n`;
  const sheets = [reasonSheet(report), missSheet(report.misses, view)];
  return `${sheets.map((sheet) => markdownTable(sheet)).join('\n\n')}\n`;
}

export function cacheMissesCsv({ misses }: CacheMissReport): string {
  const columns = [
    'occurredAt',
    'requestId',
    'sessionId',
    'agentId',
    'model',
    'reason',
    'rewrittenTokens',
    'costNanoUsd',
  ] as const satisfies readonly (keyof CacheMiss)[];
  const rows = misses.map((miss) => columns.map((name): CsvValue => miss[name]));
  return [[...columns], ...rows].map(csvLine).join('');
}

function reasonSheet({ byReason, costNanoUsd }: CacheMissReport): Sheet {
  const digits = usdDigits(costNanoUsd);
  return {
    columns: [
      { title: 'Why', align: 'left', cut: 'middle', least: 12 },
      right('Requests'),
      { ...right('Tokens re-sent'), dispensable: 1 },
      right('Cost'),
    ],
    rows: byReason.map((sum) => [
      REASON_LABELS[sum.reason],
      formatCount(sum.requests),
      formatCount(sum.rewrittenTokens),
      formatUsd(sum.costNanoUsd, digits),
    ]),
    last: null,
  };
}

export function missSheet(misses: readonly CacheMiss[], { style, offset }: MissView): Sheet {
  const top = misses.reduce((most, { costNanoUsd }) => Math.max(most, costNanoUsd), 0);
  const digits = usdDigits(top);
  return {
    columns: [
      { title: 'Cache misses', align: 'left' },
      { title: 'Why', align: 'left', cut: 'middle', least: 12 },
      { title: 'Model', align: 'left', cut: 'middle', least: 8, dispensable: 2 },
      { ...right('Tokens re-sent'), dispensable: 1 },
      right('Cost'),
    ],
    rows: misses.map((miss) => [
      localTime(Date.parse(miss.occurredAt), offset).slice(0, 16),
      REASON_LABELS[miss.reason],
      requestModel(miss.model, style.columns ?? 100),
      formatCount(miss.rewrittenTokens),
      formatUsd(miss.costNanoUsd, digits),
    ]),
    last: null,
  };
}
