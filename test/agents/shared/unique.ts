import type { UnpricedRecord } from '../../../src/core/record/cost-record.ts';

/** Copies of one request (in forks) once, as the ledger identifies requests without a request id. */
export function uniqueRecords(records: readonly UnpricedRecord[]): UnpricedRecord[] {
  const unique = new Map<string, UnpricedRecord>();
  for (const record of records) {
    const { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = record.usage;
    const counts = [inputTokens, cacheReadTokens, cacheWrite5mTokens + cacheWrite1hTokens];
    const key = `${record.messageId}|${counts.join('|')}`;
    if (!unique.has(key)) unique.set(key, record);
  }
  return [...unique.values()];
}
