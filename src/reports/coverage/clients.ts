import { groupBy } from '../../core/lang/group-by.ts';
import { type Sum, toSum } from '../report.ts';
import type { SessionCoverage } from './session-coverage.ts';

/** What the ledger has of one client, and what it can never have. */
export interface ClientCoverage {
  client: string;
  sessions: number;
  /** Sessions without a total of the client, and their recorded cost. Most clients report no totals. */
  silentSessions: number;
  silentCostNanoUsd: Sum;
  /** Of all its sessions. */
  requests: number;
  costNanoUsd: Sum;
  /** What the client's own log can never show, one sentence each. */
  limits: string[];
}

/** The clients of the sessions, the highest cost first. */
export function sumClients(
  covered: readonly SessionCoverage[],
  limitsOf: (client: string) => readonly string[],
): ClientCoverage[] {
  const clients = [...groupBy(covered, ({ session }) => session.client)].flatMap(
    ([client, sessions]) => {
      if (client === null) return [];
      const silent = sessions.filter(({ clientNanoUsd }) => clientNanoUsd === null);
      const cost = sumCost(sessions);
      const sums: ClientCoverage = {
        client,
        sessions: sessions.length,
        silentSessions: silent.length,
        silentCostNanoUsd: toSum(sumCost(silent)),
        requests: sessions.reduce((sum, { session }) => sum + session.requests, 0),
        costNanoUsd: toSum(cost),
        limits: [...limitsOf(client)],
      };
      return [{ sums, cost }];
    },
  );
  return clients.sort((a, b) => Number(b.cost - a.cost)).map(({ sums }) => sums);
}

function sumCost(sessions: readonly SessionCoverage[]): bigint {
  return sessions.reduce((sum, { session }) => sum + session.costNanoUsd, 0n);
}
