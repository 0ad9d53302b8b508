import { LazyStatement } from '../connection/lazy-statement.ts';
import type { Ledger } from '../connection/open.ts';

/** A project as its folder tells: the root of its repository, and a short name. */
export interface Project {
  root: string;
  name: string;
}

/** Finds a working directory's project on disk. */
export type ResolveProject = (cwd: string) => Project;

/** Working directories to project numbers; a directory's project is resolved once and kept. */
export class ProjectWriter {
  readonly #ids = new Map<string, number>();
  readonly #resolve: ResolveProject;
  readonly #selectPath: LazyStatement<[string], { project_id: number }>;
  readonly #selectRoot: LazyStatement<[string], { id: number }>;
  readonly #insertProject: LazyStatement<[string, string]>;
  readonly #insertPath: LazyStatement<[string, number]>;

  constructor(db: Ledger, resolve: ResolveProject) {
    this.#resolve = resolve;
    this.#selectPath = new LazyStatement(db, 'SELECT project_id FROM project_paths WHERE cwd = ?');
    this.#selectRoot = new LazyStatement(db, 'SELECT id FROM projects WHERE root = ?');
    this.#insertProject = new LazyStatement(db, 'INSERT INTO projects (root, name) VALUES (?, ?)');
    this.#insertPath = new LazyStatement(
      db,
      'INSERT INTO project_paths (cwd, project_id) VALUES (?, ?)',
    );
  }

  idOf(cwd: string | null): number | null {
    if (cwd === null) return null;
    const known = this.#ids.get(cwd) ?? this.#selectPath.get(cwd)?.project_id ?? this.#add(cwd);
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
      this.#selectRoot.get(root)?.id ?? Number(this.#insertProject.run(root, name).lastInsertRowid);
    this.#insertPath.run(cwd, id);
    return id;
  }
}
