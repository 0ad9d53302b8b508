import { type Stats, statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { TableRead } from '../../core/transcript/table-read.ts';
import { UnknownLayoutError } from '../../core/transcript/unknown-layout.ts';
import { connect } from '../connection/sqlite.ts';

export type ForeignRow = Record<string, unknown>;

export interface ForeignRows {
  rows: ForeignRow[];
  hasMore: boolean;
}

/** The agent writes while we read; it keeps its locks for milliseconds. */
const BUSY_TIMEOUT_MS = 100;

/** It is shown in one line. */
const MAX_VERSION_LENGTH = 40;

/**
 * Reads the rows whose cursor column is at least `from`, in its order. The file is opened read-only: that
 * neither checkpoints the agent's write-ahead log nor locks the agent out.
 * @returns about `limit` rows, never only some of those with one cursor value; null for a file
 *   without the tables, which the agent has created but not filled
 * @throws UnknownLayoutError, or SQLite's own error
 */
export function readForeignRows(
  path: string,
  table: TableRead,
  from: number,
  limit: number,
): ForeignRows | null {
  const db = connect(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    if (db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) return null;
    checkLayout(db, path, table);
    const query = `${selectRows(table)} WHERE t.${quote(table.cursor)} >= ?`;
    const order = `ORDER BY t.${quote(table.cursor)}`;
    const page = db.prepare(`${query} ${order} LIMIT ?`);
    // The next read begins there: as many rows as are needed to get beyond it.
    const reached = from + (table.overlap ?? 0);
    let size = limit;
    let rows = page.all(from, size) as ForeignRow[];
    while (rows.length === size && Number(rows.at(-1)?.[table.cursor]) <= reached) {
      size *= 2;
      rows = page.all(from, size) as ForeignRow[];
    }
    const last = rows.at(-1)?.[table.cursor];
    if (rows.length < size || last === undefined) return { rows, hasMore: false };
    // The rest of the rows with the last value, so that the next read can start after it.
    const rest = `${selectRows(table)} WHERE t.${quote(table.cursor)} = ?`;
    const whole = rows.filter((row) => row[table.cursor] !== last);
    whole.push(...(db.prepare(rest).all(last) as ForeignRow[]));
    return { rows: whole, hasMore: true };
  } finally {
    db.close();
  }
}

/** Size and time of the file together with its write-ahead log, where new rows are first. */
export function foreignFileState(
  path: string,
): { identity: string; sizeBytes: number; modifiedAtMs: number } | null {
  const main = statOrNull(path);
  if (main === null || !main.isFile()) return null;
  const log = statOrNull(`${path}-wal`);
  return {
    identity: `${main.dev}:${main.ino}`,
    sizeBytes: main.size + (log?.size ?? 0),
    modifiedAtMs: Math.max(main.mtimeMs, log?.mtimeMs ?? 0),
  };
}

function selectRows(table: TableRead): string {
  const own = table.columns.map((column) => `t.${quote(column)} AS ${quote(column)}`);
  if (table.join === null) return `SELECT ${own.join(', ')} FROM ${quote(table.name)} t`;
  const { table: other, by, key, columns } = table.join;
  const joined = Object.entries(columns).map(
    ([column, name]) => `j.${quote(column)} AS ${quote(name)}`,
  );
  return `SELECT ${[...own, ...joined].join(', ')} FROM ${quote(table.name)} t
    LEFT JOIN ${quote(other)} j ON j.${quote(key)} = t.${quote(by)}`;
}

/** @throws UnknownLayoutError */
function checkLayout(db: Database.Database, path: string, table: TableRead): void {
  const missing = missingColumns(db, table.name, [...table.columns, table.cursor]);
  const { join } = table;
  if (join !== null) {
    missing.push(...missingColumns(db, join.table, [join.key, ...Object.keys(join.columns)]));
  }
  if (missing.length > 0) throw new UnknownLayoutError(path, missing, findVersion(db, table));
}

/** The version in the last row of the table that names it. */
function findVersion(db: Database.Database, { version }: TableRead): string | null {
  if (version === undefined) return null;
  const { table, column } = version;
  if (missingColumns(db, table, [column]).length > 0) return null;
  const query = `SELECT ${quote(column)} FROM ${quote(table)} ORDER BY rowid DESC LIMIT 1`;
  const found = db.prepare(query).pluck().get();
  return typeof found === 'string' ? found.slice(0, MAX_VERSION_LENGTH) : null;
}

function missingColumns(db: Database.Database, table: string, wanted: string[]): string[] {
  const columns = new Set(
    db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[],
  );
  if (columns.size === 0) return [table];
  return [...new Set(wanted)]
    .filter((column) => !columns.has(column))
    .map((column) => `${table}.${column}`);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
