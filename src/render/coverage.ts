import { clientTitle } from '../core/client/names.ts';
import { printable } from '../core/lang/printable.ts';
import type { CoverageDimension } from '../reports/coverage/coverage.ts';
import {
  type Coverage,
  type CoverageDocument,
  type LostJson,
  type ModelJson,
  type SpendJson,
} from '../reports/coverage/document.ts';
import type { Sum } from '../reports/report.ts';
import { NOTHING, folderName, left, right, columnTitle } from './text/cells.ts';
import {
  causeText,
  clientLimits,
  lostText,
  possibleText,
  sessionsText,
} from './coverage-labels.ts';
import { csvLine } from './text/csv.ts';
import { formatCount, formatExactUsd, formatUsd, usdDigits } from './text/number-format.ts';
import { markdownTable, markdownText } from './text/markdown.ts';
import { requestsText } from './notes.ts';
import { signedUsd } from './text/signed.ts';
import { type Style, unbounded } from './text/style.ts';
import { type TextColumn, type Sheet, renderSheet } from './text/table.ts';
import { wrapText } from './text/wrap.ts';

/** Lost requests that are listed; JSON has all of them. */
const SHOWN = 10;

/** Client totals, recorded costs, and where the difference comes from. */
export function renderCoverage(
  document: CoverageDocument,
  by: CoverageDimension | null,
  style: Style,
): string {
  if (document.totals.sessions === 0) return `${document.note ?? NOTHING}\n`;
  const lines = formatHead(document, style);
  const sheet = buildSheet(document, by, style);
  if (sheet.rows.length > 0) lines.push('', renderSheet(sheet, style));
  const notes = formatCoverageNotes(document).flatMap((note) => wrapText(note, style.columns));
  if (notes.length > 0) lines.push('', ...notes);
  for (const { head, limits } of clientLimits(document.clients)) {
    const bullets = limits.map((limit) => `${style.isUnicode ? '•' : '-'} ${limit}`);
    lines.push('', ...[head, ...bullets].flatMap((line) => wrapText(line, style.columns)));
  }
  const lost = lostLines(document.lost, style);
  if (lost.length > 0) lines.push('', ...lost);
  return `${lines.join('\n').trimStart()}\n`;
}

export function renderCoverageMarkdown(
  document: CoverageDocument,
  by: CoverageDimension | null,
  style: Style,
): string {
  if (document.totals.sessions === 0) return `${markdownText(document.note ?? NOTHING)}\n`;
  const view = unbounded(style);
  const plain = { ...view, bold: String, yellow: String, dim: String };
  const notes = formatCoverageNotes(document).map(
    (note) => `- ${markdownText(note).replace(/^([+-])/, '\\$1')}`,
  );
  const lost = document.lost.map((one) => `- lost: ${markdownText(one.id)}, ${lostText(one)}`);
  const head = formatHead(document, plain).map(markdownText).join('\n');
  const blocks = [
    head,
    markdownTable(buildSheet(document, by, view)),
    [...notes, ...lost].join('\n'),
    ...clientLimits(document.clients).map(
      ({ head, limits }) =>
        `${markdownText(head)}\n\n${limits.map((limit) => `- ${markdownText(limit)}`).join('\n')}`,
    ),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const FIELDS = [
  'sessions',
  'silentSessions',
  'silentCostNanoUsd',
  'requests',
  'clientCostNanoUsd',
  'costNanoUsd',
  'unattributedCostNanoUsd',
  'explainedCostNanoUsd',
  'lostRequests',
  'lostCostNanoUsd',
  'unexplainedCostNanoUsd',
  'unmeteredRequests',
  'unbilledRequests',
  'unbilledCostNanoUsd',
  'deviationPercent',
] as const satisfies readonly (keyof Coverage)[];

/** A row for each group; without groups one of all. */
export function renderCoverageCsv(
  { totals, groups }: CoverageDocument,
  by: CoverageDimension | null,
): string {
  const rows = by === null ? [{ key: {}, ...totals }] : groups;
  return [
    csvLine([...(by === null ? [] : [by]), ...FIELDS]),
    ...rows.map((row) =>
      csvLine([
        ...(by === null ? [] : [(row.key as Record<string, string | null>)[by]]),
        ...FIELDS.map((name) => row[name]),
      ]),
    ),
  ].join('');
}

function formatHead({ totals, filters }: CoverageDocument, style: Style): string[] {
  const separator = style.isUnicode ? ' · ' : ' - ';
  const lines: string[] = [];
  if (filters['session'] !== undefined)
    lines.push(style.dim(`session ${printable(filters['session'])}`));
  if (totals.sessions > totals.silentSessions) {
    const parts = [
      `Claude Code ${formatExactUsd(totals.clientCostNanoUsd)}`,
      `ledger ${formatExactUsd(totals.costNanoUsd)}`,
      `${style.bold(exact(totals.unattributedCostNanoUsd))} not recorded${shareText(totals)}`,
    ];
    lines.unshift(parts.join(separator));
  }
  return lines;
}

function shareText({ unattributedCostNanoUsd, clientCostNanoUsd }: Coverage): string {
  const total = Number(clientCostNanoUsd);
  if (total === 0) return '';
  return ` (${((Number(unattributedCostNanoUsd) / total) * 100).toFixed(1)}%)`;
}

function buildSheet(document: CoverageDocument, by: CoverageDimension | null, style: Style): Sheet {
  const digits = usdDigits(document.totals.clientCostNanoUsd);
  const amounts: TextColumn[] = [
    right('Claude Code'),
    right('Ledger'),
    { ...right('Difference'), paint: style.yellow },
    right('Unexplained'),
  ];
  if (by === null) {
    const rows = document.models.map((model) => [model.model, ...modelCells(model, digits)]);
    return { columns: [left('Model'), ...amounts], rows, last: null };
  }
  const isSession = by === 'session';
  const first: TextColumn = isSession
    ? { ...left('Session'), cut: 'end', least: 8 }
    : left(columnTitle(by));
  const { totals } = document;
  // Thousands of sessions may agree: only those that differ are listed.
  const shown = isSession ? document.groups.filter((group) => isDiffering(group)) : document.groups;
  return {
    columns: [first, ...amounts, { ...right('Lost'), dispensable: 1 }],
    rows: shown.map((group) => {
      const key = group.key[by] ?? '(none)';
      const name = by === 'project' ? folderName(key) : by === 'client' ? clientTitle(key) : key;
      return [name, ...groupCells(group, digits)];
    }),
    last: ['Total', ...groupCells(totals, digits)],
  };
}

function isDiffering({ unattributedCostNanoUsd, lostRequests }: Coverage): boolean {
  return BigInt(unattributedCostNanoUsd) !== 0n || lostRequests > 0;
}

function groupCells(group: Coverage, digits: number): string[] {
  const isSilent = group.sessions === group.silentSessions;
  const lost = group.lostRequests === 0 ? '-' : formatCount(group.lostRequests);
  if (isSilent) return ['-', signedUsd(group.silentCostNanoUsd, digits, false), '-', '-', lost];
  return [
    signedUsd(group.clientCostNanoUsd, digits, false),
    signedUsd(group.costNanoUsd, digits, false),
    signedUsd(group.unattributedCostNanoUsd, digits),
    signedUsd(group.unexplainedCostNanoUsd, digits),
    lost,
  ];
}

function modelCells(
  { client, ledger, difference, unexplained }: ModelJson,
  digits: number,
): string[] {
  const cell = (spend: SpendJson | null, isSigned = true): string =>
    spend === null ? '-' : signedUsd(spend.costNanoUsd, digits, isSigned);
  return [cell(client, false), cell(ledger, false), cell(difference), cell(unexplained)];
}

function formatCoverageNotes({ totals, clients, models, groups }: CoverageDocument): string[] {
  const notes = totals.causes
    .filter(({ costNanoUsd }) => costNanoUsd !== null)
    .map((cause) => {
      const source = cause.querySource === null ? '' : ` (${printable(cause.querySource)})`;
      return `${exact(cause.costNanoUsd ?? 0)}  ${causeText(cause)}${source}`;
    });
  if (BigInt(totals.unexplainedCostNanoUsd) !== 0n || possibleText(totals.causes) !== '') {
    notes.push(
      `${exact(totals.unexplainedCostNanoUsd)}  unexplained${unexplainedText(totals, models)}`,
    );
  }
  const isUnnamed = totals.causes.some(({ costNanoUsd }) => costNanoUsd === null);
  if (isUnnamed)
    notes.push('Claude Code names each of them with telemetry on: tallyhook serve --telemetry');
  const agreeing = groups.filter(
    (group) =>
      group.key['session'] !== undefined && group.silentSessions === 0 && !isDiffering(group),
  ).length;
  if (agreeing > 0)
    notes.push(
      `${sessionsText(agreeing)} ${agreeing === 1 ? 'agrees' : 'agree'} to the last digit`,
    );
  if (totals.unbilledRequests > 0) {
    const isOne = totals.unbilledRequests === 1;
    const cost = formatUsd(totals.unbilledCostNanoUsd);
    notes.push(
      `${formatCount(totals.unbilledRequests)} ${isOne ? 'request was' : 'requests were'} refused without output ` +
        `(${cost}): Claude Code and the ledger count ${isOne ? 'it' : 'them'}, Anthropic does not bill ${isOne ? 'it' : 'them'}`,
    );
  }
  for (const { client, silentSessions, silentCostNanoUsd, limits } of clients) {
    if (silentSessions === 0 || limits.length > 0) continue;
    const whose = `${sessionsText(silentSessions)} of ${clientTitle(client)}`;
    const verb = silentSessions === 1 ? 'has' : 'have';
    notes.push(`${whose} (${formatUsd(silentCostNanoUsd)}) ${verb} no total to compare with`);
  }
  if (totals.unmeteredRequests > 0) {
    notes.push(
      `${requestsText(totals.unmeteredRequests)} without readable token counts (unmetered), counted as zero`,
    );
  }
  return notes;
}

function unexplainedText(
  { causes, unexplainedCostNanoUsd }: Coverage,
  models: ModelJson[],
): string {
  const possible = possibleText(causes);
  if (possible !== '') return `: it may be in ${possible}`;
  const tokens = models.flatMap(({ model, unexplained }) => {
    const counts = unexplained === null ? '' : tokensText(unexplained);
    return counts === '' ? [] : [`${counts} of ${printable(model)}`];
  });
  const details = tokens.length === 0 ? '' : `: ${tokens.join('; ')}`;
  if (BigInt(unexplainedCostNanoUsd) <= 0n) return details;
  return `${details}${tokens.length === 0 ? ':' : ';'} no transcript contains a matching request; one may have been lost`;
}

const TOKENS: [keyof SpendJson, string][] = [
  ['inputTokens', 'input'],
  ['outputTokens', 'output'],
  ['cacheReadTokens', 'cache read'],
  ['cacheWriteTokens', 'cache write'],
];

function tokensText(spend: SpendJson): string {
  const counts = TOKENS.filter(([name]) => BigInt(spend[name]) !== 0n);
  if (counts.length === 0) return '';
  return `${counts.map(([name, kind]) => `${formatCount(spend[name])} ${kind}`).join(', ')} tokens`;
}

function lostLines(lost: readonly LostJson[], style: Style): string[] {
  if (lost.length === 0) return [];
  const cost = lost.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd), 0n);
  const shown = lost.slice(0, SHOWN).map((one) => {
    const { id, sessionId, costNanoUsd } = one;
    return `  ${printable(id)}  ${formatExactUsd(costNanoUsd)}  session ${printable(sessionId.slice(0, 8))}, ${lostText(one)}`;
  });
  const more = lost.length - shown.length;
  if (more > 0) shown.push(style.dim(`  and ${formatCount(more)} more (--json has all)`));
  const title = `Lost from the ledger: ${requestsText(lost.length)}, ${formatExactUsd(cost.toString())}`;
  return [style.yellow(title), ...shown];
}

function exact(nanoUsd: Sum): string {
  return `${BigInt(nanoUsd) > 0n ? '+' : ''}${formatExactUsd(nanoUsd)}`;
}
