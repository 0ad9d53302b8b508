import { asArray, asCount, asObject, asText, parseJson } from '../../core/lang/json.ts';
import { UserError } from '../../core/lang/user-error.ts';
import type { Amounts } from './amounts.ts';

/** What ccusage reports for one model on one day. */
export interface TheirRow {
  day: string;
  /** The model's name in ccusage; with the suffix `-fast` in fast mode. */
  model: string;
  amounts: Amounts;
}

export interface TheirReport {
  rows: TheirRow[];
  /** Models that ccusage counts at $0 because it has no price, by its names. */
  unpriced: string[];
}

/**
 * Parses the output of `ccusage ... daily --json --breakdown` of versions 17 to 20.
 * @throws UserError for anything else
 */
export function parseCcusage(text: string): TheirReport {
  const document = asObject(parseJson(text));
  const days = document?.['daily'];
  if (!Array.isArray(days)) {
    const hint = 'Versions 17 to 20 are supported; "ccusage --version" shows yours.';
    throw new UserError('ccusage did not print a daily report in JSON', hint);
  }
  const rows = days.flatMap((item): TheirRow[] => {
    const day = asText(asObject(item)?.['date']);
    return asArray(asObject(item)?.['modelBreakdowns']).flatMap((entry): TheirRow[] => {
      const breakdown = asObject(entry) ?? {};
      const model = asText(breakdown['modelName']);
      if (day === null || model === null) return [];
      const count = (name: string): bigint => BigInt(asCount(breakdown[name]) ?? 0);
      const cost = breakdown['cost'];
      return [
        {
          day,
          model,
          amounts: {
            inputTokens: count('inputTokens'),
            outputTokens: count('outputTokens'),
            cacheReadTokens: count('cacheReadTokens'),
            cacheWriteTokens: count('cacheCreationTokens'),
            costNanoUsd: BigInt(typeof cost === 'number' ? Math.round(cost * 1e9) : 0),
          },
        },
      ];
    });
  });
  return { rows, unpriced: findUnpricedModels(document?.['totals'], rows) };
}

/** Reported since version 20; before that, inferred from models whose tokens cost nothing on any day. */
function findUnpricedModels(totals: unknown, rows: TheirRow[]): string[] {
  const reported = asArray(asObject(totals)?.['unpricedModels']).flatMap(
    (name) => asText(name) ?? [],
  );
  if (reported.length > 0) return reported;
  const priced = rows.filter(({ amounts }) => amounts.costNanoUsd !== 0n);
  const names = new Set(priced.map(({ model }) => model));
  return [...new Set(rows.map(({ model }) => model))].filter((model) => !names.has(model));
}
