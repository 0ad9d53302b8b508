import { asObject, parseJson } from '../../core/lang/json.ts';
import type { UnreadPath } from '../../core/transcript/unread.ts';
import type { Ledger } from '../connection/open.ts';

/** A file that was read to its end and whose content is missing all the same. */
export interface UnreadFile extends UnreadPath {
  /** The program that wrote it; null if that is not the reason. */
  program: string | null;
  lines: number;
}

/** Before the path, in the ledger's table of facts. */
const PREFIX = 'unread:';

/**
 * Remembers such files in the ledger: as long as they don't change they are not read again, and would
 * otherwise be named only once.
 */
export class UnreadFiles {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  all(): Map<string, UnreadFile> {
    const rows = this.#db
      .prepare(`SELECT key, value FROM meta WHERE key >= ? AND key < ?`)
      .raw()
      .all(PREFIX, 'unread;') as [string, string][];
    const files = rows.flatMap(([key, value]) => {
      const stored = asObject(parseJson(value)) as Omit<UnreadFile, 'path'> | null;
      return stored === null ? [] : [{ ...stored, path: key.slice(PREFIX.length) }];
    });
    return new Map(files.map((file) => [file.path, file]));
  }

  put({ path, ...file }: UnreadFile): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
      .run(PREFIX + path, JSON.stringify(file));
  }

  remove(path: string): void {
    this.#db.prepare('DELETE FROM meta WHERE key = ?').run(PREFIX + path);
  }
}
