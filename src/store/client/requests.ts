import type { ClientRequest } from '../../core/client/request.ts';
import type { Ledger } from '../connection/open.ts';

/**
 * Stores requests reported by clients. Storing the same request again changes nothing. In one
 * transaction.
 * @throws SQLite's own error; then nothing was written
 */
export function putClientRequests(db: Ledger, requests: readonly ClientRequest[]): void {
  const put = db.prepare(
    `INSERT OR IGNORE INTO client_requests VALUES (@requestId, @sessionId, @promptId, @agentId,
       @occurredAtMs, @model, @querySource, @costNanoUsd, @inputTokens, @outputTokens,
       @cacheReadTokens, @cacheWriteTokens, @clientVersion)`,
  );
  db.transaction(() => {
    for (const request of requests) put.run(request);
  }).immediate();
}
