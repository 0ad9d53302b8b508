import type { Ledger } from '../connection/open.ts';
import { RollupWriter } from '../rollups/writer.ts';
import type { Project } from './projects.ts';

/** Joins two projects after a folder has moved, and separates them again. */
export class ProjectMerger {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /**
   * Every request of the project, now and in future, counts for the other one.
   * @param into created if the ledger does not know it yet
   * @returns the number of requests that were moved
   */
  merge(root: string, into: Project): number {
    return this.#write(() => {
      this.#db
        .prepare('INSERT INTO projects (root, name) VALUES (@root, @name) ON CONFLICT DO NOTHING')
        .run(into);
      const [from, to] = [this.#idOf(root), this.#idOf(into.root)];
      this.#db.prepare('INSERT INTO merged_projects VALUES (?, ?)').run(from, to);
      this.#db.prepare('UPDATE sessions SET project_id = ? WHERE project_id = ?').run(to, from);
      return this.#db
        .prepare('UPDATE cost_records SET project_id = ? WHERE project_id = ?')
        .run(to, from).changes;
    });
  }

  /**
   * Gives a merged project its requests back, by the folder in which each was made.
   * @returns the number of requests that were moved
   */
  undo(root: string): number {
    return this.#write(() => {
      const id = this.#idOf(root);
      const target = this.#db
        .prepare(
          `WITH RECURSIVE up (id) AS (SELECT ? UNION
             SELECT m.into_id FROM up JOIN merged_projects m ON m.project_id = up.id)
           SELECT id FROM up WHERE id NOT IN (SELECT project_id FROM merged_projects)`,
        )
        .pluck()
        .get(id);
      this.#db.prepare('DELETE FROM merged_projects WHERE project_id = ?').run(id);
      return this.#db
        .prepare(
          `WITH RECURSIVE own (id) AS (SELECT @id UNION
             SELECT m.project_id FROM own JOIN merged_projects m ON m.into_id = own.id)
           UPDATE cost_records SET project_id = @id WHERE project_id = @target
             AND iif(cwd IN (SELECT cwd FROM loose_folders), (
               SELECT f.cwd FROM cost_records f
               WHERE f.session_id = cost_records.session_id AND f.cwd IS NOT NULL
               ORDER BY f.occurred_at_ms, f.id LIMIT 1), cwd)
             IN (SELECT w.cwd FROM own JOIN project_paths w ON w.project_id = own.id)`,
        )
        .run({ id, target }).changes;
    });
  }

  #write(change: () => number): number {
    return this.#db
      .transaction(() => {
        const moved = change();
        new RollupWriter(this.#db).flush();
        return moved;
      })
      .immediate();
  }

  #idOf(root: string): number {
    return this.#db.prepare('SELECT id FROM projects WHERE root = ?').pluck().get(root) as number;
  }
}
