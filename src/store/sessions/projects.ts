import type { Ledger } from '../connection/open.ts';

/** What is known of projects beside their records. */
export class ProjectReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Folders of the projects of that name. */
  async rootsNamed(name: string): Promise<string[]> {
    return this.#db
      .prepare('SELECT root FROM projects WHERE name = ? ORDER BY root')
      .pluck()
      .all(name) as string[];
  }
}
