import type { ClientStatus } from '../core/client/status.ts';
import type { StoredStatus } from '../store/client/status.ts';

/**
 * Whether a client says anything that the ledger has not kept. The time since it started does not
 * count: a client at rest, asked every few seconds, writes nothing.
 */
export function hasChanged(status: ClientStatus, kept: StoredStatus | null): boolean {
  if (kept === null) return true;
  const pairs: [said: unknown, kept: unknown][] = [
    [status.costNanoUsd, kept.costNanoUsd],
    [status.apiDurationMs, kept.apiDurationMs],
    [status.modelId, kept.model],
    [status.contextUsedPercent, kept.contextUsedPercent],
    [status.clientVersion, kept.clientVersion],
    [limitsText(status), limitsText(kept)],
  ];
  return pairs.some(([said, known]) => said !== null && said !== known);
}

function limitsText({ limits }: Pick<ClientStatus, 'limits'>): string | null {
  return limits === null ? null : JSON.stringify(limits);
}
