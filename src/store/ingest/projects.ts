import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

/** A project as its folder tells: the root of its repository, and a short name. */
export interface Project {
  root: string;
  name: string;
}

/** Finds a working directory's project on disk. */
export type ResolveProject = (cwd: string) => Project;

const SELECT_PATH: Sql<[string], { project_id: number }> =
  'SELECT project_id FROM project_paths WHERE cwd = ?';
const SELECT_ROOT: Sql<[string], { id: number }> = 'SELECT id FROM projects WHERE root = ?';
const INSERT_PROJECT: Sql<[string, string]> = 'INSERT INTO projects (root, name) VALUES (?, ?)';
const INSERT_PATH: Sql<[string, number]> =
  'INSERT INTO project_paths (cwd, project_id) VALUES (?, ?)';

/** Working directories to project numbers; a directory's project is resolved once and kept. */
export class ProjectWriter {
  readonly #db: Ledger;
  readonly #ids = new Map<string, number>();
  readonly #resolve: ResolveProject;

  constructor(db: Ledger, resolve: ResolveProject) {
    this.#db = db;
    this.#resolve = resolve;
  }

  findId(cwd: string | null): number | null {
    if (cwd === null) return null;
    const known =
      this.#ids.get(cwd) ?? prepared(this.#db, SELECT_PATH).get(cwd)?.project_id ?? this.#add(cwd);
    this.#ids.set(cwd, known);
    return known;
  }

  /** Forgets what a transaction that was rolled back had added. */
  forget(): void {
    this.#ids.clear();
  }

  #add(cwd: string): number {
    const { root, name } = this.#resolve(cwd);
    const id =
      prepared(this.#db, SELECT_ROOT).get(root)?.id ??
      Number(prepared(this.#db, INSERT_PROJECT).run(root, name).lastInsertRowid);
    prepared(this.#db, INSERT_PATH).run(cwd, id);
    return id;
  }
}
