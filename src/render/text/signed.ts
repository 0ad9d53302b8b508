import type { Sum } from '../../reports/report.ts';
import { formatUsd } from './number-format.ts';

/** `+$0.0123`, `-$0.0123`. @param isSigned false: positive amounts have no plus sign */
export function signedUsd(nanoUsd: Sum, digits: number, isSigned = true): string {
  const text = formatUsd(nanoUsd, digits);
  return isSigned && BigInt(nanoUsd) > 0n ? `+${text}` : text;
}
