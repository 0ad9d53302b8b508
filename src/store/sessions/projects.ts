import type { Ledger } from '../connection/open.ts';

/** Facts about projects besides their records. */
export class ProjectReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Folders of the projects with the given name. */
  async rootsNamed(name: string): Promise<string[]> {
    return this.#db
      .prepare('SELECT root FROM projects WHERE name = ? ORDER BY root')
      .pluck()
      .all(name) as string[];
  }
}
