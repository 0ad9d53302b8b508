import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AgentSource, Fold } from '../../src/agents/source.ts';
import { Extractor } from '../../src/core/extract/extractor.ts';
import { type UnpricedRecord, mergeDrafts } from '../../src/core/record/cost-record.ts';
import type { TableRead } from '../../src/core/transcript/table-read.ts';
import { initialThreadState } from '../../src/core/transcript/thread.ts';

/** A request as `expected.json` of a recorded session states it. */
export interface ExpectedRequest {
  model: string;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** What an agent's sources contain below a home folder, each request once, in order of time. */
export function recordsBelow(
  client: string,
  sources: readonly AgentSource[],
  home: string,
): UnpricedRecord[] {
  const records = new Map<string, UnpricedRecord>();
  for (const source of sources) {
    for (const folder of source.folders({ home, env: {} })) {
      for (const path of filesBelow(folder).filter((file) => source.includes(file))) {
        for (const record of recordsIn(client, source, path)) {
          const known = records.get(record.id);
          records.set(record.id, known === undefined ? record : mergeDrafts(known, record));
        }
      }
    }
  }
  return [...records.values()].sort((a, b) => a.occurredAtMs - b.occurredAtMs);
}

export function recordsIn(client: string, source: AgentSource, path: string): UnpricedRecord[] {
  const fold: Fold = {};
  const companions = (source.companionPaths?.(path) ?? []).map(textOrNull);
  const metadata = source.readCompanions?.(companions, fold) ?? null;
  const place = source.locate(path);
  const extractor = new Extractor(
    initialThreadState(),
    {
      client,
      kind: place.kind,
      fileSessionId: place.sessionId,
      agentId: place.agentId,
      agentType: metadata?.agentType ?? null,
      parentAgentId: metadata?.parentAgentId ?? null,
      spawnToolUseId: metadata?.spawnToolUseId ?? null,
      fallbackAtMs: 0,
      arrivedAtMs: Number.POSITIVE_INFINITY,
    },
    'import',
  );
  if (source.kind === 'table') {
    for (const row of readTable(path, source.table)) {
      for (const entry of source.parseRow(row, fold)) extractor.add(entry);
    }
  } else if (source.kind === 'document') {
    for (const entry of source.parseDocument(readFileSync(path, 'utf8'), fold)) {
      extractor.add(entry);
    }
  } else {
    for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      for (const entry of source.parseLine(line, fold)) extractor.add(entry);
    }
  }
  return [...extractor.extraction.records.values()];
}

function readTable(path: string, table: TableRead): Record<string, unknown>[] {
  const db = new Database(path, { readonly: true });
  const own = table.columns.map((column) => `t."${column}" AS "${column}"`);
  const joined = Object.entries(table.join?.columns ?? {}).map(
    ([column, name]) => `j."${column}" AS "${name}"`,
  );
  const join =
    table.join === null
      ? ''
      : `LEFT JOIN "${table.join.table}" j ON j."${table.join.key}" = t."${table.join.by}"`;
  const rows = db
    .prepare(
      `SELECT ${[...own, ...joined].join(', ')} FROM "${table.name}" t ${join} ORDER BY t."${table.cursor}"`,
    )
    .all() as Record<string, unknown>[];
  db.close();
  return rows;
}

/** The counts of records in the shape of `expected.json`, sorted so that two lists compare. */
export function countsOf(records: readonly UnpricedRecord[]): ExpectedRequest[] {
  return sortRequests(
    records.map(({ modelRaw, usage }) => ({
      model: modelRaw,
      input: usage.inputTokens,
      output: usage.outputTokens,
      cacheRead: usage.cacheReadTokens,
      cacheWrite: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    })),
  );
}

/** The requests of an `expected.json`, sorted in the same way. */
export function expectedRequests(path: string): ExpectedRequest[] {
  const { requests } = JSON.parse(readFileSync(path, 'utf8')) as { requests: ExpectedRequest[] };
  return sortRequests(
    requests.map(({ model, input, output, cacheRead, cacheWrite }) => {
      return { model, input, output, cacheRead, cacheWrite };
    }),
  );
}

function sortRequests(requests: ExpectedRequest[]): ExpectedRequest[] {
  return requests.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
  } catch {
    return [];
  }
}

function textOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
