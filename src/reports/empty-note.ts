import { printable } from '../core/lang/printable.ts';
import { type ZoneOffset, startOfDay, timeLabel, toLocalDay } from '../core/time/period.ts';
import { FACT_FILTERS, FACT_NAMES } from '../query/filters.ts';
import { type LedgerReader, NO_FILTER, type RecordFilter } from '../store/reader.ts';

export interface EmptyRequest {
  filter: RecordFilter;
  /** The filters as the user gave them. */
  filters: Record<string, string>;
  offset: ZoneOffset;
}

/**
 * Why a report has no requests: the ledger is empty, the time range leaves them out, or the values occur
 * nowhere or not together. From roll-ups, or from the rows where the report itself needs them.
 */
export async function emptyNote(reader: LedgerReader, request: EmptyRequest): Promise<string> {
  const { filter, offset } = request;
  const facts = nameFacts(request);
  const range = formatRange(filter, offset);
  if ((await reader.days(NO_FILTER)) === null) return 'The ledger has no requests yet.';
  const whose = facts.length === 0 ? '' : ` of ${facts.join(', ')}`;
  const found = await findOutside(reader, request);
  if (found === null) {
    if (facts.length > 1) return `No request has all of these: ${facts.join(', ')}.`;
    return `No requests${whose} in the ledger.`;
  }
  const owner = facts.length === 1 ? 'it' : 'the ledger';
  const count = `${found.requests} ${found.requests === 1n ? 'request' : 'requests'}`;
  const days =
    found.first === found.last ? `on ${found.first}` : `from ${found.first} to ${found.last}`;
  return `No requests${whose}${range}; ${owner} has ${count} ${days}.`;
}

/** `session 0a11`, `model opus`. */
function nameFacts({ filter, filters }: EmptyRequest): string[] {
  const named = filter.sessionId === null ? [] : [`session ${printable(filter.sessionId)}`];
  for (const name of FACT_NAMES) {
    const value = filter[name];
    if (value === null) continue;
    const { noun, flag, parameter } = FACT_FILTERS[name];
    const given = filters[flag] ?? filters[parameter] ?? String(value);
    named.push(`${noun} ${printable(given)}`);
  }
  return named;
}

/** What the filters would find at any time; null: nothing. */
async function findOutside(
  reader: LedgerReader,
  { filter, offset }: EmptyRequest,
): Promise<{ requests: bigint; first: string; last: string } | null> {
  if (filter.sinceMs === null && filter.untilMs === null) return null;
  const anyTime = { ...filter, sinceMs: null, untilMs: null };
  const rows = await reader.sums(anyTime, [], { unit: 'day', offset });
  const counted = rows.filter(({ measures }) => measures.requests > 0n);
  const days = counted.map(({ quarterMs }) => timeLabel('day', quarterMs ?? 0, offset)).sort();
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    requests: counted.reduce((sum, { measures }) => sum + measures.requests, 0n),
    first,
    last,
  };
}

function formatRange({ sinceMs, untilMs }: RecordFilter, offset: ZoneOffset): string {
  const since = sinceMs === null ? null : formatEdge(sinceMs, sinceMs, offset);
  // The end is exclusive: midnight ends the day before.
  const until = untilMs === null ? null : formatEdge(untilMs, untilMs - 1, offset);
  if (since === null) return until === null ? '' : ` until ${until}`;
  if (until === null) return ` since ${since}`;
  return since === until ? ` on ${since}` : ` between ${since} and ${until}`;
}

/** A day if a day begins there, else the minute. */
function formatEdge(edgeMs: number, dayMs: number, offset: ZoneOffset): string {
  const isDay = startOfDay(toLocalDay(edgeMs, offset), offset) === edgeMs;
  return isDay
    ? timeLabel('day', dayMs, offset)
    : new Date(edgeMs + offset(edgeMs)).toISOString().slice(0, 16).replace('T', ' ');
}
