import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { AgentPlace, AgentSource } from '../../agents/source.ts';
import type { HookEvent } from '../../core/hook/event.ts';

/** No agent writes into folders deeper than this. */
const MAX_DEPTH = 8;

/** Takes a path that could not be read, with the error: the system's, or an object with one of these codes. */
export type OnTreeError = (path: string, error: unknown) => void;
export type TreeErrorCode = 'MISSING_TARGET' | 'TOO_DEEP' | 'IS_FOLDER';

/** The paths of a source's files that an event is about: those that it names, and those beside them. */
export function eventPaths(source: AgentSource, event: HookEvent, place: AgentPlace): string[] {
  const { files, folders, siblings } = source.eventFiles(event, place);
  const includes = (path: string): boolean => source.includes(path);
  const paths: string[] = [];
  for (const path of [event.transcriptPath, event.agentTranscriptPath]) {
    if (path !== null && includes(path)) paths.push(path);
  }
  paths.push(...files);
  for (const folder of folders) {
    if (existsSync(folder)) paths.push(...new TreeWalk(includes, () => {}).run(folder));
  }
  for (const name of siblings === undefined ? [] : namesIn(siblings.folder)) {
    if (siblings?.includes(name) === true) paths.push(join(siblings.folder, name));
  }
  return [...new Set(paths)];
}

/** Every file below a folder that is wanted, sorted by path. */
export function pathsBelow(
  folder: string,
  includes: (path: string) => boolean,
  onError: OnTreeError = () => {},
): string[] {
  return new TreeWalk(includes, onError).run(folder).sort();
}

/**
 * Finds the transcripts below a folder. Symbolic links to folders are followed after everything else, and
 * each folder is read once, so that a link never changes the paths of what is found without it.
 */
class TreeWalk {
  readonly #includes: (path: string) => boolean;
  readonly #onError: OnTreeError;
  readonly #paths: string[] = [];
  readonly #folders: string[] = [];
  readonly #links: [path: string, depth: number][] = [];
  /** Device and inode of each folder that was read; null until the first link is followed. */
  #known: Set<string> | null = null;

  constructor(includes: (path: string) => boolean, onError: OnTreeError) {
    this.#includes = includes;
    this.#onError = onError;
  }

  run(root: string): string[] {
    this.#collect(root, 0);
    // Links found in linked folders are added meanwhile.
    for (const [path, depth] of this.#links) this.#follow(path, depth, root);
    return this.#paths;
  }

  #collect(folder: string, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#fail(folder, 'TOO_DEEP');
      return;
    }
    if (this.#known !== null && !this.#isNew(folder, this.#known)) return;
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOENT') this.#onError(folder, error);
      return;
    }
    this.#folders.push(folder);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const isTranscript = this.#includes(path);
      if (entry.isDirectory()) {
        if (isTranscript) this.#fail(path, 'IS_FOLDER');
        this.#collect(path, depth + 1);
      } else if (entry.isSymbolicLink()) this.#links.push([path, depth + 1]);
      else if (isTranscript) this.#paths.push(path);
    }
  }

  #follow(path: string, depth: number, root: string): void {
    const isTranscript = this.#includes(path);
    try {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) {
        // Editors leave dangling links with a dot as lock files.
        if (isTranscript || !path.includes(`${sep}.`, path.lastIndexOf(sep)))
          this.#fail(path, 'MISSING_TARGET');
      } else if (!stat.isDirectory()) {
        if (isTranscript) this.#paths.push(path);
      } else if (!isAbove(path, root)) {
        this.#known ??= new Set(this.#folders.map((folder) => identityOf(folder)));
        this.#collect(path, depth);
      }
    } catch (error) {
      this.#onError(path, error);
    }
  }

  #fail(path: string, code: TreeErrorCode): void {
    this.#onError(path, { code });
  }

  #isNew(folder: string, known: Set<string>): boolean {
    const identity = identityOf(folder);
    if (known.has(identity)) return false;
    known.add(identity);
    return true;
  }
}

/** Whether a link leads to a folder that contains the root: everything there would be read. */
function isAbove(link: string, root: string): boolean {
  const target = realpathSync(link);
  const real = realpathSync(root);
  return real === target || real.startsWith(target.endsWith(sep) ? target : target + sep);
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
