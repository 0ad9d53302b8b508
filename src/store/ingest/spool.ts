import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Extraction, emptyExtraction } from '../../core/extract/extraction.ts';
import { fingerprint } from '../../core/lang/fingerprint.ts';
import { FileRefused, readBounded } from '../../files/read-bounded.ts';
import type { TranscriptBatch } from './batch.ts';
import { makePrivately } from '../connection/private-files.ts';
import type { LedgerWrite } from './writer.ts';

/** Far more than one batch of an import. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** Writing a file takes far less time; an older one was left by a process that died. */
const LEFT_BEHIND_MS = 60_000;
const PART = '.part';
const SET_ASIDE = '.unreadable';

/**
 * A waiting file. `gone`: another process has taken it. `unreadable`: it does not contain valid work and
 * never will. `later`: it can't be read right now (EIO, EMFILE, EACCES) and should be tried again.
 */
export type SpooledWork =
  | { kind: 'work'; work: LedgerWrite }
  | { kind: 'gone' | 'unreadable' | 'later' };

/** Names of files in the spool that will not be written automatically. */
export interface SpoolLeftovers {
  /** Files with invalid content. */
  setAside: string[];
  /** Files whose process died while writing them. */
  unfinished: string[];
}

/**
 * Work that could not be written yet: one file per batch in a folder next to the ledger, ordered by
 * name. The name of a file states which part of which transcript it contains, so that reading can
 * continue after it while the ledger can't be used.
 */
export class Spool {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names of the waiting files, oldest first. */
  names(): string[] {
    return this.#entries().filter((name) => name.endsWith('.json'));
  }

  /** Files that a person has to deal with. */
  leftovers(nowMs: number): SpoolLeftovers {
    const entries = this.#entries();
    return {
      setAside: entries.filter((name) => name.endsWith(SET_ASIDE)),
      unfinished: entries.filter((name) => isLeftBehind(name, nowMs)),
    };
  }

  /** Adopts files that were written completely by a process that died before it could rename them. */
  adoptLeftovers(nowMs: number): void {
    for (const name of this.#entries().filter((one) => isLeftBehind(one, nowMs))) {
      if (this.read(name).kind !== 'work') continue;
      try {
        renameSync(join(this.#folder, name), join(this.#folder, name.slice(0, -PART.length)));
      } catch {
        // Another process has adopted it.
      }
    }
  }

  #entries(): string[] {
    // Checked first: usually there is none, and creating an exception costs as much as a dozen stats.
    if (!existsSync(this.#folder)) return [];
    try {
      return readdirSync(this.#folder).sort();
    } catch {
      return [];
    }
  }

  /** @throws if the spool can't be written either */
  put(work: LedgerWrite, atMs: number): void {
    for (const batch of work.batches) {
      const range = `${pathKey(batch.path)}.${batch.fromBytes}-${batch.toBytes}`;
      this.#putFile(range, atMs, { ...emptyWork(), batches: [batch] });
    }
    if (work.event !== null || work.payloadRecord !== null) {
      this.#putFile('event', atMs, { ...work, batches: [] });
    }
  }

  read(name: string): SpooledWork {
    let bytes: Buffer | null;
    try {
      bytes = readBounded(join(this.#folder, name), { maxBytes: MAX_FILE_BYTES, within: null });
    } catch (error) {
      return { kind: error instanceof FileRefused ? 'unreadable' : 'later' };
    }
    if (bytes === null) return { kind: 'gone' };
    try {
      const work: unknown = JSON.parse(bytes.toString('utf8'), revive);
      if (isWork(work)) return { kind: 'work', work: { ...work, isSpooled: true } };
    } catch {
      // Truncated, or not written by tallyhook.
    }
    return { kind: 'unreadable' };
  }

  remove(name: string): void {
    try {
      unlinkSync(join(this.#folder, name));
    } catch {
      // Another process has drained it too: its content was written once.
    }
  }

  /** Renames a file that can't be read, so that a person can look at it. */
  setAside(name: string): void {
    try {
      renameSync(join(this.#folder, name), join(this.#folder, `${name}${SET_ASIDE}`));
    } catch {
      // Another process has taken it.
    }
  }

  /**
   * The last waiting batch of a transcript, in the chain of batches that starts at the ledger's cursor.
   * @param cursorBytes null if the ledger can't be read: then the last batch that was spooled
   */
  lastBatchBehind(path: string, cursorBytes: number | null): TranscriptBatch | null {
    const key = pathKey(path);
    let last: string | null = null;
    let reached = cursorBytes;
    for (const name of this.names()) {
      const range = /\.([0-9a-f]+)\.(\d+)-(\d+)\.json$/.exec(name);
      if (range?.[1] !== key) continue;
      // A batch that starts at zero belongs to a replaced file: the chain starts again there.
      if (reached !== null && Number(range[2]) !== reached && range[2] !== '0') continue;
      last = name;
      reached = Number(range[3]);
    }
    const read = last === null ? null : this.read(last);
    return read?.kind === 'work' ? (read.work.batches[0] ?? null) : null;
  }

  #putFile(label: string, atMs: number, work: LedgerWrite): void {
    makePrivately(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const serial = String(this.#count++).padStart(4, '0');
      const unique = `${process.pid}-${Math.random().toString(36).slice(2)}`;
      const name = `${String(atMs).padStart(15, '0')}-${serial}-${unique}.${label}.json`;
      const temporary = join(this.#folder, `${name}${PART}`);
      const fd = openSync(temporary, 'wx', 0o600);
      try {
        try {
          writeFileSync(fd, JSON.stringify(work, flatten));
          fsyncSync(fd);
        } finally {
          closeSync(fd);
        }
        renameSync(temporary, join(this.#folder, name));
      } catch (error) {
        // Otherwise each event on a full disk would leave another file.
        rmSync(temporary, { force: true });
        throw error;
      }
    });
  }
}

export function emptyWork(): LedgerWrite {
  return { batches: [], event: null, payloadRecord: null, toolResult: null, isSpooled: false };
}

function isLeftBehind(name: string, nowMs: number): boolean {
  return name.endsWith(PART) && nowMs - Number(name.split('-')[0]) > LEFT_BEHIND_MS;
}

function pathKey(path: string): string {
  return fingerprint(Buffer.from(path));
}

/** A partial check that does not read all of it; the writer detects the rest. */
function isWork(value: unknown): value is LedgerWrite {
  if (typeof value !== 'object' || value === null) return false;
  const { batches, event, payloadRecord } = value as Partial<LedgerWrite>;
  return (
    Array.isArray(batches) &&
    event !== undefined &&
    payloadRecord !== undefined &&
    batches.every((batch) => typeof batch?.path === 'string' && 'extraction' in batch)
  );
}

/** JSON has no Maps: they are written as lists of pairs. */
function flatten(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}

function revive(key: string, value: unknown): unknown {
  if (key !== 'extraction') return value;
  const { records, agents, parents, ...rest } = value as Record<keyof Extraction, unknown>;
  return {
    ...emptyExtraction(),
    ...rest,
    records: new Map(records as [string, never][]),
    agents: new Map(agents as [string, never][]),
    parents: new Map(parents as [string, never][]),
  };
}
