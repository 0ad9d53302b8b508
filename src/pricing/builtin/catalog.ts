/**
 * The table of all providers except Anthropic, as text: a hook prices only one or two models, so a line
 * is not parsed before it is needed.
 *
 *     @openai
 *     gpt-4o,gpt-4o-2024-08-06|a2.5 10 1.25;b2026-07-30=2 8 .5>272000 4 12 1~0100-0400w
 *
 * A line has a model, its other names and its periods. A period is the letter of its source, its
 * first day, then USD per million tokens: input, output, cache read, cache write (if absent, as
 * input); after `>` the length of a long prompt and the same four rates; after `~` hours of the
 * day, `w` for weekdays only.
 */
import type { DailyHours, ModelPrices, OtherModels, PriceRow, Rates } from '../price-table.ts';
import { parsePrice } from '../../core/money/money.ts';

/** Letter → name and date of a source. */
export type Sources = Readonly<Record<string, readonly [string, string]>>;

/**
 * No line is parsed before it is needed, and there is no index: searching the text costs a hook less than
 * splitting it. The text is loaded when a model is first searched for.
 */
export function readCatalog(load: () => string, sources: Sources): OtherModels {
  let loaded: string | null = null;
  const readText = (): string => (loaded ??= load());
  /** Parsed entries by the position where their line begins. */
  const read = new Map<number, ModelPrices>();
  const entryAt = (text: string, start: number): ModelPrices => {
    const cached = read.get(start);
    if (cached !== undefined) return cached;
    const entry = readLine(lineAt(text, start), providerAt(text, start), sources);
    read.set(start, entry);
    return entry;
  };
  return {
    find: (name, provider) => {
      const text = readText();
      for (let at = findName(text, name, 0); at >= 0; at = findName(text, name, at + 1)) {
        const start = text.lastIndexOf('\n', at) + 1;
        if (provider === null || providerAt(text, start) === provider) return entryAt(text, start);
      }
      return null;
    },
    all: () => {
      const text = readText();
      const entries: ModelPrices[] = [];
      for (let start = 0; start < text.length; start += lineAt(text, start).length + 1) {
        if (text[start] !== '@' && text[start] !== '\n') entries.push(entryAt(text, start));
      }
      return entries;
    },
  };
}

/** The position of the name among the names of a line, as a whole word; -1 if it is not there. */
function findName(text: string, name: string, from: number): number {
  if (name === '') return -1;
  for (let at = text.indexOf(name, from); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1], text[at + name.length]];
    if ((before === '\n' || before === ',') && (after === ',' || after === '|')) return at;
  }
  return -1;
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
}

function providerAt(text: string, start: number): string {
  const at = text.lastIndexOf('@', start);
  return lineAt(text, at + 1);
}

function readLine(line: string, provider: string, sources: Sources): ModelPrices {
  const bar = line.indexOf('|');
  const [model = ''] = line.slice(0, bar).split(',', 1);
  const periods = line.slice(bar + 1);
  let rows: readonly PriceRow[] | null = null;
  return {
    model,
    family: null,
    releasedMs: null,
    provider,
    rows: () => (rows ??= readPeriods(provider, model, periods, sources)),
  };
}

function readPeriods(
  provider: string,
  model: string,
  periods: string,
  sources: Sources,
): PriceRow[] {
  const rows = periods.split(';').flatMap((text) => readPeriod(provider, model, text, sources));
  for (const [place, row] of rows.entries()) {
    const next = rows.slice(place + 1).find((later) => later.fromMs !== row.fromMs);
    row.toMs = next?.fromMs ?? null;
  }
  return rows;
}

/**
 * One row, or none if malformed: a broken line must not stop the hook. Parsed by hand, because a regular
 * expression is compiled when it first runs.
 */
function readPeriod(provider: string, model: string, text: string, sources: Sources): PriceRow[] {
  const [body = '', hours] = text.slice(1).split('~', 2);
  const equals = body.indexOf('=');
  const from = equals < 0 ? null : body.slice(0, equals);
  const [usd = '', long] = body.slice(equals + 1).split('>', 2);
  const rates = readRates(usd.split(' '));
  const fromMs = from === null ? null : Date.parse(from);
  if (rates === null || Number.isNaN(fromMs)) return [];
  const [source = 'unknown', sourceDate = ''] = sources[text[0] ?? ''] ?? [];
  const base = {
    id: `${provider}/${model}${from === null ? '' : `@${from}`}${hours ? `~${hours}` : ''}`,
    model,
    family: null,
    provider,
    fromMs,
    toMs: null,
    ...rates,
    fastMultiplier: null,
    longPrompt: long === undefined ? null : readLong(long),
    source,
    sourceDate,
  };
  return [hours === undefined ? base : { ...base, hours: readHours(hours) }];
}

/** A cache write without a price is charged as input, and so is a read: never less than it cost. */
function readRates([input = '', output = '', read = '', write = '']: string[]): Rates | null {
  const perInput = parsePrice(input);
  const perOutput = parsePrice(output);
  if (perInput === null || perOutput === null) return null;
  const perRead = read === '' || read === '-' ? perInput : parsePrice(read);
  const perWrite = write === '' ? perInput : parsePrice(write);
  if (perRead === null || perWrite === null) return null;
  return {
    input: perInput,
    output: perOutput,
    cacheWrite5m: perWrite,
    cacheWrite1h: perWrite,
    cacheRead: perRead,
  };
}

function readLong(text: string): PriceRow['longPrompt'] {
  const [above, ...usd] = text.split(' ');
  const rates = readRates(usd);
  return rates === null ? null : { abovePromptTokens: Number(above), ...rates };
}

function readHours(text: string): DailyHours {
  const minutes = (clock: string): number =>
    Number(clock.slice(0, 2)) * 60 + Number(clock.slice(2, 4));
  const windows = text
    .replace(/w$/, '')
    .split(',')
    .map((part) => [minutes(part.slice(0, 4)), minutes(part.slice(5))] as const);
  return { windows, weekdaysOnly: text.endsWith('w') };
}
