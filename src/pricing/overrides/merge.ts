/**
 * Prices that override the built-in ones: those of the environment, the user's file and the updated table.
 * Each is applied to the table below it, so that the first one that states a price wins.
 */
import type { OverrideLayer } from '../layers.ts';
import { canonicalModel } from '../../core/model/model-name.ts';
import { type Rational } from '../../core/money/money.ts';
import {
  type ModelPrices,
  type OtherModels,
  type PriceRow,
  type PriceTable,
  type Rates,
  preparePrices,
} from '../price-table.ts';

/** What one source states about one model, or about all models of a family. */
export interface PriceOverride {
  /** Canonical name of the model, or name of the family. */
  model: string;
  /** The name as the source writes it: dated names of other providers are models of their own. */
  listedAs: string;
  isFamily: boolean;
  /** Null: any provider. */
  provider: string | null;
  /** Null if the source does not state it. */
  family: string | null;
  /** Start; null: always. */
  fromMs: number | null;
  /** Prices that are not stated are taken from the table. */
  rates: Partial<Rates>;
  fastMultiplier: Rational | null;
  /** Rates of a prompt with more tokens than this; null: the stated rates apply at any length. */
  longPrompt: { abovePromptTokens: number; rates: Partial<Rates> } | null;
  /** `environment`, `file`, `updated`: becomes part of the price's id. */
  layer: OverrideLayer;
  source: string;
  sourceDate: string;
}

export interface Overrides {
  overrides: PriceOverride[];
  /** One warning per invalid value, naming its file or variable, its key and the value itself. */
  warnings: string[];
}

/** Sorts after every date, because the user's own price is newer than any table. */
export const USER_DATED = 'user';

const FIELDS = ['input', 'output', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead'] as const;

/** Applies overrides to a table; of two for one model and day the later one wins. */
export function withOverrides(
  table: PriceTable,
  { overrides, warnings }: Overrides,
): { prices: PriceTable; warnings: string[] } {
  if (overrides.length === 0) return { prices: table, warnings };
  const allWarnings = [...warnings];
  const models = new Map(table.models);
  /** Models of other providers are stored under the provider, with all their names. */
  const replaced = new Map<ModelPrices, ModelPrices>();
  for (const override of overrides) {
    if (override.isFamily) {
      for (const { model } of table.families.get(override.model) ?? []) {
        models.set(model, overridden(model, models.get(model), override));
      }
      continue;
    }
    const { model } = override;
    const listed = models.has(model) ? [] : othersNamed(table, override);
    for (const entry of listed) {
      const existing = replaced.get(entry) ?? entry;
      if (!isOutdated(override, existing))
        replaced.set(entry, overridden(entry.model, existing, override));
    }
    if (listed.length > 0) continue;
    const base = models.get(model);
    const missing = base === undefined ? listMissingRates(override) : [];
    if (missing.length > 0) {
      allWarnings.push(
        `${override.source}: ${model} has no price that this adds to: set ${missing[0]} as well`,
      );
    } else if (!isOutdated(override, base)) models.set(model, overridden(model, base, override));
  }
  const { others } = table;
  const named = new Set(overrides.filter(isUsers).map((override) => override.model));
  // A price for a retired model is for that model, not for the one that answers today.
  const retired = new Map([...table.retired].filter(([name]) => !named.has(canonicalModel(name))));
  const prepared = preparePrices(models.values(), { retired });
  const prices: PriceTable = { ...table, ...prepared };
  if (others !== undefined && replaced.size > 0) prices.others = replacedIn(others, replaced);
  return { prices, warnings: allWarnings };
}

function othersNamed({ others }: PriceTable, override: PriceOverride): ModelPrices[] {
  if (others === undefined) return [];
  const { listedAs, model, provider } = override;
  const first = others.find(listedAs, provider) ?? others.find(model, provider);
  if (first === null || provider !== null) return first === null ? [] : [first];
  const same = others.all().filter((entry) => entry.model === first.model);
  return same.includes(first) ? same : [first, ...same];
}

function replacedIn(
  others: OtherModels,
  replaced: ReadonlyMap<ModelPrices, ModelPrices>,
): OtherModels {
  const now = (entry: ModelPrices): ModelPrices => replaced.get(entry) ?? entry;
  return {
    find: (name, provider) => {
      const entry = others.find(name, provider);
      return entry === null ? null : now(entry);
    },
    all: () => others.all().map(now),
  };
}

/** The table's entry of a model, by its own name or another spelling. */
export function knownModel(
  table: PriceTable,
  name: string,
  provider: string | null = null,
): ModelPrices | undefined {
  return table.models.get(name) ?? table.others?.find(name, provider) ?? undefined;
}

/** The row of a model that is in force last, at most hours of the day. */
export function newestRow(entry: ModelPrices | undefined): PriceRow | undefined {
  return entry?.rows().findLast((row) => row.hours === undefined);
}

/** Every model of a table, Anthropic's first. */
export function allModels(table: PriceTable): ModelPrices[] {
  return [...table.models.values(), ...(table.others?.all() ?? [])];
}

function isUsers({ layer }: PriceOverride): boolean {
  return layer !== 'updated';
}

/** A fetched table does not override prices that were read later. */
function isOutdated(override: PriceOverride, base: ModelPrices | undefined): boolean {
  if (isUsers(override)) return false;
  return (newestRow(base)?.sourceDate ?? '') > override.sourceDate;
}

function listMissingRates({ rates }: PriceOverride): string[] {
  return (['input', 'output'] as const).filter((field) => rates[field] === undefined);
}

/** One model's rows with an override applied; created on demand like all rows. */
function overridden(
  model: string,
  base: ModelPrices | undefined,
  override: PriceOverride,
): ModelPrices {
  let rows: readonly PriceRow[] | null = null;
  return {
    ...base,
    model,
    family: override.family ?? base?.family ?? null,
    releasedMs: base === undefined ? override.fromMs : base.releasedMs,
    rows: () => (rows ??= overrideRows(model, base?.rows() ?? [], override)),
  };
}

function overrideRows(
  model: string,
  base: readonly PriceRow[],
  override: PriceOverride,
): PriceRow[] {
  const { fromMs } = override;
  if (base.length === 0) return [overrideRow(model, undefined, override, fromMs, null)];
  if (fromMs === null) {
    return base.map((row) => overrideRow(model, row, override, row.fromMs, row.toMs));
  }
  const earlier = base.filter((row) => row.fromMs === null || row.fromMs < fromMs);
  const last = (earlier.length > 0 ? earlier : base).findLast((row) => row.hours === undefined);
  const { hours: _, ...from } = last ?? overrideRow(model, undefined, override, fromMs, null);
  // Prices announced for a later day stay announced.
  const later = isUsers(override) ? [] : base.filter((row) => (row.fromMs ?? 0) > fromMs);
  return [
    ...earlier.map((row) => ((row.toMs ?? fromMs) >= fromMs ? { ...row, toMs: fromMs } : row)),
    overrideRow(model, from, override, fromMs, later[0]?.fromMs ?? null),
    ...later,
  ];
}

function overrideRow(
  model: string,
  base: PriceRow | undefined,
  override: PriceOverride,
  fromMs: number | null,
  toMs: number | null,
): PriceRow {
  const { layer, source, sourceDate, longPrompt } = override;
  const rates = fill(model, override.rates, base);
  const existing = base?.longPrompt ?? null;
  const long = longPrompt ?? existing;
  return {
    ...base,
    // The id contains the rates themselves, because at the next start the same name may have others.
    id: `${model}@${layer}:${FIELDS.map((field) => rates[field] / 1e9).join('/')}`,
    model,
    family: override.family ?? base?.family ?? null,
    fromMs,
    toMs,
    ...rates,
    fastMultiplier: override.fastMultiplier ?? base?.fastMultiplier ?? null,
    longPrompt:
      long === null
        ? null
        : {
            abovePromptTokens: long.abovePromptTokens,
            ...(longPrompt === null
              ? { ...(existing ?? rates), ...override.rates }
              : fill(model, longPrompt.rates, undefined, rates)),
          },
    source,
    sourceDate,
  };
}

/**
 * Completes the stated rates to five. What neither the source nor the table states is derived
 * conservatively: cached input at the full input price; Claude's writes at 1.25 and 2 times that, as in
 * every row of the vendor's list.
 */
function fill(
  model: string,
  stated: Partial<Rates>,
  base: Rates | undefined,
  otherwise?: Rates,
): Rates {
  const input = stated.input ?? base?.input ?? otherwise?.input ?? 0;
  const [five, hour] = model.startsWith('claude-') ? [1.25, 2] : [1, 1];
  const cacheWrite5m = stated.cacheWrite5m ?? base?.cacheWrite5m ?? Math.ceil(input * five);
  return {
    input,
    output: stated.output ?? base?.output ?? otherwise?.output ?? 0,
    cacheWrite5m,
    cacheWrite1h: stated.cacheWrite1h ?? base?.cacheWrite1h ?? Math.ceil(input * hour),
    cacheRead: stated.cacheRead ?? base?.cacheRead ?? input,
  };
}
