import type { Ledger } from '../connection/open.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import { firstFolder } from '../sessions/projects.ts';
import type { ProjectWriter } from './projects.ts';

const MOVE: Sql<[number | null, string, number | null]> = `UPDATE cost_records SET project_id = ?
  WHERE session_id = ? AND project_id IS NOT ? AND cwd IN (SELECT cwd FROM loose_folders)`;

/**
 * The projects of requests in folders outside any repository: the project of the folder in which their
 * session made its first request, whichever request is read first.
 */
export class SessionProjects {
  readonly #db: Ledger;
  readonly #projects: ProjectWriter;
  /** The first folder of each session of this transaction, before it; null: none yet. */
  readonly #before = new Map<string, string | null>();

  constructor(db: Ledger, projects: ProjectWriter) {
    this.#db = db;
    this.#projects = projects;
  }

  begin(): void {
    this.#before.clear();
    this.#projects.forget();
  }

  /** Call before a request of the session is written. */
  findId(cwd: string | null, sessionId: string): number | null {
    this.touch(sessionId);
    const own = this.#projects.findId(cwd);
    if (cwd === null || !this.#projects.isLoose(cwd)) return own;
    const first = this.#before.get(sessionId) ?? null;
    return first === null ? own : this.#projects.findId(first);
  }

  /** Call before a request leaves the session. */
  touch(sessionId: string): void {
    if (!this.#before.has(sessionId)) this.#before.set(sessionId, this.#first(sessionId));
  }

  /** Moves requests whose session turns out to have begun in another folder. */
  settle(): void {
    for (const [sessionId, before] of this.#before) {
      const first = this.#first(sessionId);
      if (first === null || first === before) continue;
      const id = this.#projects.findId(first);
      prepared(this.#db, MOVE).run(id, sessionId, id);
    }
  }

  #first(sessionId: string): string | null {
    return firstFolder(this.#db, sessionId);
  }
}
