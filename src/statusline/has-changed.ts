import type { ClientStatus } from '../core/client/status.ts';
import type { StoredStatus } from '../store/client/status.ts';

/**
 * Whether the status reports anything that the ledger has not stored. The elapsed time does not count:
 * an idle Claude Code, asked every few seconds, writes nothing.
 */
export function hasChanged(status: ClientStatus, stored: StoredStatus | null): boolean {
  if (stored === null) return true;
  const pairs: [reported: unknown, stored: unknown][] = [
    [status.costNanoUsd, stored.costNanoUsd],
    [status.apiDurationMs, stored.apiDurationMs],
    [status.modelId, stored.model],
    [status.contextUsedPercent, stored.contextUsedPercent],
    [status.clientVersion, stored.clientVersion],
    [limitsText(status), limitsText(stored)],
  ];
  return pairs.some(([now, before]) => now !== null && now !== before);
}

function limitsText({ limits }: Pick<ClientStatus, 'limits'>): string | null {
  return limits === null ? null : JSON.stringify(limits);
}
