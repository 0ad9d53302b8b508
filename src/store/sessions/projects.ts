import type { Ledger } from '../connection/open.ts';
import { type Sql, prepared } from '../connection/prepared.ts';

const SELECT_TARGET: Sql<[string], { root: string }> =
  `SELECT q.root FROM projects p JOIN merged_projects m ON m.project_id = p.id
  JOIN projects q ON q.id = m.into_id WHERE p.root = ?`;

/** The folder of the project that a project has been merged into, or its own. */
export function currentRoot(db: Ledger, root: string): string {
  const target = prepared(db, SELECT_TARGET).get(root)?.root;
  return target === undefined ? root : currentRoot(db, target);
}

const SELECT_FIRST: Sql<[string], { cwd: string }> = `SELECT cwd FROM cost_records
  WHERE session_id = ? AND cwd IS NOT NULL ORDER BY occurred_at_ms, id LIMIT 1`;

/** The folder of a session's first request. */
export function firstFolder(db: Ledger, sessionId: string): string | null {
  return prepared(db, SELECT_FIRST).get(sessionId)?.cwd ?? null;
}

/** Facts about projects besides their records. */
export class ProjectReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Folders of the projects with the given name; of a merged one, the folder that it is in now. */
  async rootsNamed(name: string): Promise<string[]> {
    const roots = this.#db
      .prepare('SELECT root FROM projects WHERE name = ? ORDER BY root')
      .pluck()
      .all(name) as string[];
    return [...new Set(roots.map((root) => this.currentRoot(root)))];
  }

  currentRoot(root: string): string {
    return currentRoot(this.#db, root);
  }

  /** The name of the project with this folder; null if the ledger has none. */
  nameOf(root: string): string | null {
    const name = this.#db.prepare('SELECT name FROM projects WHERE root = ?').pluck().get(root);
    return typeof name === 'string' ? name : null;
  }

  /** Folders of the projects that are merged into others and have this folder or name. */
  mergedRoots(text: string): string[] {
    return this.#db
      .prepare(
        `SELECT root FROM merged_projects m JOIN projects p ON p.id = m.project_id
         WHERE @text IN (root, name) ORDER BY root`,
      )
      .pluck()
      .all({ text }) as string[];
  }

  /** Folders of all projects, merged or not. */
  allRoots(): string[] {
    return this.#db.prepare('SELECT root FROM projects ORDER BY root').pluck().all() as string[];
  }
}
