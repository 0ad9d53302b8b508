import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

/** A project: the root of its repository, and a short name. */
export interface Project {
  root: string;
  name: string;
  /** The directory is in no repository, so it is a project only for want of another. */
  isLoose?: true;
}

/** Finds the project of a working directory on disk. */
export type ResolveProject = (cwd: string) => Project;

const SELECT_PATH: Sql<[string], { project_id: number }> =
  'SELECT project_id FROM project_paths WHERE cwd = ?';
const SELECT_ROOT: Sql<[string], { id: number }> = 'SELECT id FROM projects WHERE root = ?';
const SELECT_MERGED: Sql<[number], { into_id: number }> =
  'SELECT into_id FROM merged_projects WHERE project_id = ?';
const SELECT_LOOSE: Sql<[string], object> = 'SELECT 1 FROM loose_folders WHERE cwd = ?';
const INSERT_LOOSE: Sql<[string]> = 'INSERT OR IGNORE INTO loose_folders VALUES (?)';
const INSERT_PROJECT: Sql<[string, string]> = 'INSERT INTO projects (root, name) VALUES (?, ?)';
const INSERT_PATH: Sql<[string, number]> =
  'INSERT INTO project_paths (cwd, project_id) VALUES (?, ?)';

/** Maps working directories to project ids. A directory's project is resolved once and stored. */
export class ProjectWriter {
  readonly #db: Ledger;
  readonly #ids = new Map<string, number>();
  readonly #loose = new Map<string, boolean>();
  readonly #resolve: ResolveProject;

  constructor(db: Ledger, resolve: ResolveProject) {
    this.#db = db;
    this.#resolve = resolve;
  }

  findId(cwd: string | null): number | null {
    if (cwd === null) return null;
    const found = this.#ids.get(cwd);
    if (found !== undefined) return found;
    const own = prepared(this.#db, SELECT_PATH).get(cwd)?.project_id ?? this.#add(cwd);
    const id = this.#target(own);
    this.#ids.set(cwd, id);
    return id;
  }

  /** Forgets what a rolled-back transaction has added, and what others may have merged since. */
  forget(): void {
    this.#ids.clear();
    this.#loose.clear();
  }

  /** Whether a directory that has an id is in no repository. */
  isLoose(cwd: string): boolean {
    const known = this.#loose.get(cwd);
    if (known !== undefined) return known;
    const isLoose = prepared(this.#db, SELECT_LOOSE).get(cwd) !== undefined;
    this.#loose.set(cwd, isLoose);
    return isLoose;
  }

  /** The project that a project has been merged into, or itself. */
  #target(id: number): number {
    const into = prepared(this.#db, SELECT_MERGED).get(id)?.into_id;
    return into === undefined ? id : this.#target(into);
  }

  #add(cwd: string): number {
    const { root, name, isLoose } = this.#resolve(cwd);
    if (isLoose === true) prepared(this.#db, INSERT_LOOSE).run(cwd);
    const id =
      prepared(this.#db, SELECT_ROOT).get(root)?.id ??
      Number(prepared(this.#db, INSERT_PROJECT).run(root, name).lastInsertRowid);
    prepared(this.#db, INSERT_PATH).run(cwd, id);
    return id;
  }
}
