import { type JsonObject, asCount, asObject } from '../json.ts';
import { divideHalfEven, divideHalfEvenBig } from '../money.ts';

/** Decimals of USD that sums are kept to before they are rounded. */
const PLACES = 40;
const PER_NANO = 10n ** BigInt(PLACES - 9);
/** xAI counts what it charged in units of 1e-10 USD. https://docs.x.ai/developers/cost-tracking */
const TICKS_PER_NANO = 10;

/**
 * What the provider says that it charged, in integer nano-USD; null where it says nothing usable.
 * Reads the decimal that the JSON number shows, so it is exact.
 */
export function chargedNanoUsd(usage: JsonObject): number | null {
  const ticks = asCount(usage['cost_in_usd_ticks']);
  if (ticks !== null) return divideHalfEven(ticks, TICKS_PER_NANO);
  let usd = decimalOf(usage['cost']);
  if (usd === null) return null;
  if (usage['is_byok'] === true) {
    // With the user's own key OpenRouter charges a fee, the provider behind it the request.
    const upstream = decimalOf(asObject(usage['cost_details'])?.['upstream_inference_cost']);
    if (upstream === null) return null;
    usd += upstream;
  }
  const nanoUsd = Number(divideHalfEvenBig(usd, PER_NANO));
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : null;
}

/** A decimal that is not negative, in units of 10^-PLACES. */
function decimalOf(value: unknown): bigint | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const match = /^(\d{1,25})(?:\.(\d{1,25}))?(?:e([+-]?\d{1,2}))?$/i.exec(String(value));
  if (match === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const shift = PLACES - fraction.length + Number(exponent);
  return shift < 0 ? 0n : BigInt(whole + fraction) * 10n ** BigInt(shift);
}
