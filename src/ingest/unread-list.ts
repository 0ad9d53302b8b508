import { claudeCode } from '../agents/claude-code/index.ts';
import { findOtherAgent } from '../agents/other-agents.ts';
import type { UnreadPath } from '../core/transcript/unread.ts';
import { ArchiveFault } from '../sources/transcripts/archive-fault.ts';
import type { SourceFile } from '../sources/transcripts/places.ts';
import { unreadPath } from '../sources/transcripts/unread.ts';
import type { UnreadFile, UnreadFiles } from '../store/ingest/unread-files.ts';
import type { ReadBatch } from './read-batch.ts';

/** What happens while one transcript is read. */
interface FileNotes {
  fail: (error: unknown) => void;
  note: (read: ReadBatch) => void;
  /** Whether another program wrote the file. */
  isOther: () => boolean;
  end: () => void;
}

/**
 * What an import could not read. Files that were read to their end and contained nothing of use are
 * remembered in the ledger, because they are not read again until they change.
 */
export class UnreadList {
  readonly #files: UnreadFiles | null;
  readonly #remembered: Map<string, UnreadFile>;
  readonly #others = new Map<string, UnreadPath>();

  /** @param files where changes are stored; null: nowhere */
  constructor(remembered: Map<string, UnreadFile>, files: UnreadFiles | null) {
    this.#files = files;
    this.#remembered = remembered;
  }

  add(unread: UnreadPath): void {
    this.#others.set(unread.path, unread);
  }

  /** Call before a transcript is read; what is then found replaces what is remembered about it. */
  begin({ agent, path }: SourceFile): FileNotes {
    const before = this.#remembered.get(path) ?? null;
    let other = before?.lines === 0 ? null : before;
    let damage: UnreadFile | null = null;
    this.#others.delete(path);
    return {
      fail: (error) => {
        const unread = unreadPath(path, error, agent.title);
        if (error instanceof ArchiveFault) damage = { ...unread, program: null, lines: 0 };
        else this.add(unread);
      },
      note: (read) => {
        if (read.batch.fromBytes === 0 && agent === claudeCode) {
          other = toUnreadFile(path, read.firstLines);
        }
        if (other !== null) other = withLines(other, read.lineCount);
      },
      isOther: () => other !== null,
      end: () => this.#remember(path, damage ?? other),
    };
  }

  /** Everything about these files, and about folders. */
  among(paths: readonly string[]): UnreadPath[] {
    const remembered = paths.flatMap((path) => {
      const file = this.#remembered.get(path);
      if (file === undefined || this.#others.has(path)) return [];
      const { kind, reason, fix } = file;
      return [{ path, kind, reason, fix }];
    });
    return [...remembered, ...this.#others.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  #remember(path: string, found: UnreadFile | null): void {
    const before = this.#remembered.get(path);
    if (found === null) {
      if (before !== undefined) this.#files?.remove(path);
      this.#remembered.delete(path);
    } else if (JSON.stringify(found) !== JSON.stringify(before)) {
      this.#files?.put(found);
      this.#remembered.set(path, found);
    }
  }
}

function toUnreadFile(path: string, firstLines: readonly string[]): UnreadFile | null {
  const other = findOtherAgent(firstLines);
  if (other === null) return null;
  const fix = other.kind === 'unreadable' ? 'Replace it by its readable original' : null;
  return { path, kind: other.kind, program: other.program, lines: 0, reason: '', fix };
}

function withLines(file: UnreadFile, more: number): UnreadFile {
  const lines = file.lines + more;
  const count = `${lines} ${lines === 1 ? 'line' : 'lines'}`;
  const what = file.program === null ? 'without JSON' : `of ${file.program}`;
  return { ...file, lines, reason: `${count} ${what}` };
}
