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
/** A file that is being written takes far less; one that is older was left by a process that died. */
const LEFT_BEHIND_MS = 60_000;
const PART = '.part';
const SET_ASIDE = '.unreadable';

/**
 * A waiting file. `gone`: another process has taken it. `unreadable`: it holds no work, and never
 * will. `later`: it can't be read just now (EIO, EMFILE, EACCES), and is to be tried again.
 */
export type SpooledWork =
  | { kind: 'work'; work: LedgerWrite }
  | { kind: 'gone' | 'unreadable' | 'later' };

/** Files of the spool that are not going to be written by themselves, by their names. */
export interface SpoolLeftovers {
  /** They could not be understood. */
  setAside: string[];
  /** A process died while it wrote them. */
  unfinished: string[];
}

/**
 * Records that could not be written yet: one file a batch in a folder beside the ledger, in the
 * order of their names. A file's name tells which stretch of which transcript it holds, so that
 * reading can go on behind it while the ledger can't be reached.
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

  /** What waits for a person. */
  leftovers(nowMs: number): SpoolLeftovers {
    const entries = this.#entries();
    return {
      setAside: entries.filter((name) => name.endsWith(SET_ASIDE)),
      unfinished: entries.filter((name) => isLeftBehind(name, nowMs)),
    };
  }

  /** Takes in files that were written whole by a process that died before it could rename them. */
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
    // Asked first: as a rule there is none, and an error is made at the price of a dozen stats.
    if (!existsSync(this.#folder)) return [];
    try {
      return readdirSync(this.#folder).sort();
    } catch {
      return [];
    }
  }

  /** @throws where even the spool can't be written */
  put(work: LedgerWrite, atMs: number): void {
    for (const batch of work.batches) {
      const stretch = `${pathKey(batch.path)}.${batch.fromBytes}-${batch.toBytes}`;
      this.#putFile(stretch, atMs, { ...emptyWork(), batches: [batch] });
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
      // Torn, or not ours.
    }
    return { kind: 'unreadable' };
  }

  remove(name: string): void {
    try {
      unlinkSync(join(this.#folder, name));
    } catch {
      // Another process drained it too: what it held is written, once.
    }
  }

  /** Keeps a file that can't be read out of the way, for a person to look at. */
  setAside(name: string): void {
    try {
      renameSync(join(this.#folder, name), join(this.#folder, `${name}${SET_ASIDE}`));
    } catch {
      // Gone: another process had it.
    }
  }

  /**
   * The last waiting batch of a transcript that goes on where the ledger's cursor stands.
   * @param cursorBytes null where the ledger can't be asked: then the last that was spooled
   */
  lastBatchBehind(path: string, cursorBytes: number | null): TranscriptBatch | null {
    const key = pathKey(path);
    let last: string | null = null;
    let reached = cursorBytes;
    for (const name of this.names()) {
      const stretch = /\.([0-9a-f]+)\.(\d+)-(\d+)\.json$/.exec(name);
      if (stretch?.[1] !== key) continue;
      // One from the start stands for a file that was replaced: it counts from there on.
      if (reached !== null && Number(stretch[2]) !== reached && stretch[2] !== '0') continue;
      last = name;
      reached = Number(stretch[3]);
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
        // On a full disk one more would be left at each event.
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

/** As far as this can be told without reading all of it: the writer finds out the rest. */
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

/** Maps do not survive JSON: they are written as lists of pairs. */
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
