import { isPlaceholder } from '../../core/record/identity.ts';
import { lookupPrice } from '../../pricing/cost.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import {
  type ZoneOffset,
  toLocalDay,
  parseDay,
  startOfDay,
  timeLabel,
} from '../../core/time/period.ts';
import type { UnpricedRecordReader, StoredRecord } from '../../store/records/unpriced-reader.ts';
import type { Report, Totals } from '../report.ts';
import { type Amounts, addAmounts, amountsJson, difference, noAmounts } from './amounts.ts';
import type { TheirReport } from './ccusage-report.ts';
import { type ComparedKey, type Comparison, agrees, explainRow } from './comparison.ts';
import { type ExtraLine, explainExtra, explainRepeated } from './explain-extra.ts';
import {
  type ExplainContext,
  type Delta,
  type PlacedLine,
  explainRecord,
} from './explain-record.ts';

/** A transcript line with token counts and its place in the file. */
export interface FoundLine extends PlacedLine {
  /** Whether the file's name is that of a transcript. */
  isTranscript: boolean;
  /** Whether it ends with a newline. */
  isComplete: boolean;
}

export interface CompareRequest {
  theirs: TheirReport;
  /** Grouped by day and model. */
  ours: Report;
  drafts: UnpricedRecordReader;
  /** Reads the transcripts; called only if something differs. */
  lines: () => Iterable<FoundLine>;
  prices: PriceTable;
  offset: ZoneOffset;
  tool: Comparison['tool'];
}

/** Days and models as counted by ccusage and by the ledger, and why they differ. */
export function compareWithCcusage(request: CompareRequest): Comparison {
  const { ours, theirs, prices, offset, tool } = request;
  const keys = listKeys(theirs, ours, prices, offset);
  const differing = new Map([...keys].filter(([, key]) => !agrees(key)));
  const context: ExplainContext = {
    prices,
    keyOf: (atMs, model) =>
      `${timeLabel('day', atMs, offset)} ${canonicalModelAt(model, atMs, prices)}`,
    isUnpriced: (model, isFast) =>
      theirs.unpriced.some((name) => {
        const ofFast = name.endsWith('-fast');
        return ofFast === isFast && canonicalModelAt(withoutFast(name), 0, prices) === model;
      }),
  };
  const explained = differing.size === 0 ? NOTHING : explain(request, differing, context);
  const totals = { theirs: noAmounts(), ours: noAmounts() };
  for (const key of keys.values()) {
    addAmounts(totals.theirs, key.theirs);
    addAmounts(totals.ours, key.ours);
  }
  const { schemaVersion, generatedAt, timezone, filters } = ours;
  return {
    schemaVersion,
    generatedAt,
    timezone,
    filters,
    tool,
    totals: {
      theirs: amountsJson(totals.theirs),
      ours: amountsJson(totals.ours),
      difference: amountsJson(difference(totals.theirs, totals.ours)),
    },
    agreeing: keys.size - differing.size,
    rows: [...differing.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, key]) =>
        explainRow(key, explained.deltas.get(id) ?? [], () => explained.places.get(id) ?? []),
      ),
  };
}

interface Explained {
  deltas: Map<string, Delta[]>;
  /** Where the requests of a day and model are. */
  places: Map<string, string[]>;
}

const NOTHING: Explained = { deltas: new Map(), places: new Map() };

function listKeys(
  theirs: TheirReport,
  ours: Report,
  prices: PriceTable,
  offset: ZoneOffset,
): Map<string, ComparedKey> {
  const keys = new Map<string, ComparedKey>();
  const at = (day: string, model: string): ComparedKey => {
    const id = `${day} ${model}`;
    const key = keys.get(id) ?? { day, model, theirs: noAmounts(), ours: noAmounts(), requests: 0 };
    keys.set(id, key);
    return key;
  };
  for (const { day, model, amounts } of theirs.rows) {
    const atMs = startOfDay(parseDay(day) ?? 0, offset);
    addAmounts(at(day, canonicalModelAt(withoutFast(model), atMs, prices)).theirs, amounts);
  }
  for (const group of ours.groups) {
    const key = at(String(group.key['day']), String(group.key['model']));
    addAmounts(key.ours, ourAmounts(group));
    key.requests += Number(group.requests);
  }
  return keys;
}

/** To ccusage, fast mode is a separate model. */
function withoutFast(model: string): string {
  return model.replace(/-fast$/, '');
}

function canonicalModelAt(model: string, atMs: number, prices: PriceTable): string {
  return lookupPrice(prices, model, atMs).model;
}

function ourAmounts(totals: Totals): Amounts {
  return {
    inputTokens: BigInt(totals.inputTokens),
    outputTokens: BigInt(totals.outputTokens),
    cacheReadTokens: BigInt(totals.cacheReadTokens),
    cacheWriteTokens: BigInt(totals.cacheWrite5mTokens) + BigInt(totals.cacheWrite1hTokens),
    costNanoUsd: BigInt(totals.costNanoUsd),
  };
}

function explain(
  { drafts, lines, offset }: CompareRequest,
  differing: Map<string, ComparedKey>,
  context: ExplainContext,
): Explained {
  const records = new Map<string, StoredRecord>();
  const days = [...differing.values()].map(({ day }) => parseDay(day) ?? 0);
  // One more day at each end, because ccusage may count a request on another day.
  const first = days.reduce((a, b) => Math.min(a, b)) - 1;
  const last = days.reduce((a, b) => Math.max(a, b)) + 1;
  const wanted = new Set(days.flatMap((day) => [day - 1, day, day + 1]));
  for (const record of drafts.between(startOfDay(first, offset), startOfDay(last + 1, offset))) {
    if (wanted.has(toLocalDay(record.draft.occurredAtMs, offset))) records.set(record.id, record);
  }
  const sorted = sortLines(lines(), records, drafts);
  const explained: Explained = { deltas: new Map(), places: new Map() };
  const add = (delta: Delta): void => {
    const same = explained.deltas.get(delta.key);
    if (same === undefined) explained.deltas.set(delta.key, [delta]);
    else same.push(delta);
  };
  for (const record of records.values()) {
    const own = sorted.own.get(record.id.replace(/#[^#]*$/, '')) ?? [];
    const key = context.keyOf(record.draft.occurredAtMs, record.model);
    if (differing.has(key)) {
      const place = own[0]?.place ?? `request ${record.id}`;
      explained.places.set(key, [...(explained.places.get(key) ?? []), place]);
    }
    for (const delta of explainRecord(record, own, context)) add(delta);
    for (const delta of explainRepeated(own, context)) add(delta);
  }
  for (const delta of explainExtra(sorted.extra, context)) add(delta);
  return explained;
}

/** The lines of the records in question, and lines without a record. */
function sortLines(
  lines: Iterable<FoundLine>,
  records: ReadonlyMap<string, StoredRecord>,
  drafts: UnpricedRecordReader,
): { own: Map<string, PlacedLine[]>; extra: ExtraLine[] } {
  const own = new Map<string, PlacedLine[]>();
  const extra: ExtraLine[] = [];
  for (const line of lines) {
    const isOurs = line.isTranscript && line.isComplete && !line.isApiError;
    if (isOurs && records.has(line.recordId)) {
      const same = own.get(line.recordId);
      if (same === undefined) own.set(line.recordId, [line]);
      else same.push(line);
    } else if (!drafts.has(line.recordId)) {
      // Neither tool bills a subagent's copy of its main thread's request, or a line without counts.
      const { messageId } = line;
      const isCopy = line.isAgentThread || isPlaceholder(line.recordId);
      if (isCopy && messageId !== null && drafts.hasMessage(messageId)) continue;
      extra.push({ ...line, why: whyExtra(line) });
    }
  }
  return { own, extra };
}

function whyExtra(line: FoundLine): ExtraLine['why'] {
  if (line.isApiError) return 'api-error';
  if (!line.isTranscript) return 'another-file';
  return line.isComplete ? 'not-recorded' : 'unfinished';
}
