import { TABLE_PROVIDERS } from '../source.ts';
import { dataPath } from './package.ts';
import type { PiAiFact, PiAiRates } from './read.ts';

interface Usd {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

interface Model {
  id: string;
  type: string;
  cost: Usd & { tiers?: (Usd & { inputTokensAbove: number })[] };
}

/** The package's data files: models by the API that serves them. */
export function extractPiAi(files: ReadonlyMap<string, string>): PiAiFact[] {
  return TABLE_PROVIDERS.flatMap((provider) => {
    const text = files.get(dataPath(provider)) ?? '{}';
    const apis = JSON.parse(text) as Record<string, Record<string, Model>>;
    return Object.values(apis).flatMap((models) =>
      Object.values(models).flatMap(({ id, type, cost }): PiAiFact[] => {
        if (/claude/i.test(id)) return [];
        const tiers = (cost.tiers ?? []).map((tier): [number, ...PiAiRates] => [
          tier.inputTokensAbove,
          ...toRates(tier),
        ]);
        const fact = [provider, id, type, toRates(cost)] as const;
        return [tiers.length === 0 ? [...fact] : [...fact, tiers]];
      }),
    );
  });
}

function toRates({ input, output, cacheRead, cacheWrite }: Usd): PiAiRates {
  return [input, output, cacheRead, cacheWrite];
}
