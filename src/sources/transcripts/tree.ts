import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Agent } from '../../agents/types.ts';

/** Claude Code writes nothing into folders deeper than this. */
const MAX_DEPTH = 8;

/** Takes a path that could not be read, with the error: the system's, or an object with one of these codes. */
export type OnTreeError = (path: string, error: unknown) => void;
export type TreeErrorCode = 'MISSING_TARGET' | 'TOO_DEEP' | 'IS_FOLDER';

type TranscriptNames = Pick<Agent, 'isTranscriptName'>;

/**
 * The transcript files of one session: the main one and its subagents' at any depth, and the subagent
 * files of old versions of Claude Code in the same folder, which may belong to any of its sessions.
 */
export function sessionTranscripts(agent: Agent, mainPath: string): string[] {
  const paths = [mainPath];
  const subagents = agent.sessionFolder(mainPath);
  if (existsSync(subagents)) paths.push(...new TreeWalk(agent, () => {}).run(subagents));
  const folder = dirname(mainPath);
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (agent.isOldAgentName(name) && path !== mainPath) paths.push(path);
  }
  return paths;
}

/** Every transcript below a folder, sorted by path. */
export function allTranscripts(
  agent: TranscriptNames,
  folder: string,
  onError: OnTreeError = () => {},
): string[] {
  return new TreeWalk(agent, onError).run(folder).sort();
}

/**
 * Finds the transcripts below a folder. Symbolic links to folders are followed after everything else, and
 * each folder is read once, so that a link never changes the paths of what is found without it.
 */
class TreeWalk {
  readonly #agent: TranscriptNames;
  readonly #onError: OnTreeError;
  readonly #paths: string[] = [];
  readonly #folders: string[] = [];
  readonly #links: [path: string, depth: number][] = [];
  /** Device and inode of each folder that was read; null until the first link is followed. */
  #known: Set<string> | null = null;

  constructor(agent: TranscriptNames, onError: OnTreeError) {
    this.#agent = agent;
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
      const isTranscript = this.#agent.isTranscriptName(entry.name);
      if (entry.isDirectory()) {
        if (isTranscript) this.#fail(path, 'IS_FOLDER');
        this.#collect(path, depth + 1);
      } else if (entry.isSymbolicLink()) this.#links.push([path, depth + 1]);
      else if (isTranscript) this.#paths.push(path);
    }
  }

  #follow(path: string, depth: number, root: string): void {
    const isTranscript = this.#agent.isTranscriptName(path.slice(path.lastIndexOf(sep) + 1));
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
