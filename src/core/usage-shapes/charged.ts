import { exactUsd, roundToNanoUsd } from '../money/exact-usd.ts';
import { type JsonObject, asCount, asObject } from '../lang/json.ts';
import { divideHalfEven } from '../money/money.ts';

/** xAI reports what it charged in units of 1e-10 USD. https://docs.x.ai/developers/cost-tracking */
const TICKS_PER_NANO = 10;

/**
 * What the provider says it charged, in integer nano-USD; null if it reports nothing usable. Reads the
 * decimal that the JSON number shows, so it is exact.
 */
export function chargedNanoUsd(usage: JsonObject): number | null {
  const ticks = asCount(usage['cost_in_usd_ticks']);
  if (ticks !== null) return divideHalfEven(ticks, TICKS_PER_NANO);
  let usd = exactUsd(usage['cost']);
  if (usd === null) return null;
  if (usage['is_byok'] === true) {
    // With the user's own key, OpenRouter charges a fee and the provider behind it charges the request.
    const upstream = exactUsd(asObject(usage['cost_details'])?.['upstream_inference_cost']);
    if (upstream === null) return null;
    usd += upstream;
  }
  return roundToNanoUsd(usd);
}
