import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Extraction, emptyExtraction } from '../core/extract/extraction.ts';
import { fingerprint } from '../core/fingerprint.ts';
import type { TranscriptBatch } from './batch.ts';
import { makePrivately } from './private-files.ts';
import type { LedgerWrite } from './writer.ts';

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
    // Asked first: as a rule there is none, and an error is made at the price of a dozen stats.
    if (!existsSync(this.#folder)) return [];
    try {
      return readdirSync(this.#folder)
        .filter((name) => name.endsWith('.json'))
        .sort();
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

  /** @returns null for a file that another process has taken, or that holds no work */
  read(name: string): LedgerWrite | null {
    try {
      const work: unknown = JSON.parse(readFileSync(join(this.#folder, name), 'utf8'), revive);
      return isWork(work) ? { ...work, isSpooled: true } : null;
    } catch {
      return null;
    }
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
      renameSync(join(this.#folder, name), join(this.#folder, `${name}.unreadable`));
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
    return last === null ? null : (this.read(last)?.batches[0] ?? null);
  }

  #putFile(label: string, atMs: number, work: LedgerWrite): void {
    makePrivately(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const serial = String(this.#count++).padStart(4, '0');
      const unique = `${process.pid}-${Math.random().toString(36).slice(2)}`;
      const name = `${String(atMs).padStart(15, '0')}-${serial}-${unique}.${label}.json`;
      const temporary = join(this.#folder, `${name}.part`);
      const fd = openSync(temporary, 'w', 0o600);
      try {
        writeFileSync(fd, JSON.stringify(work, flatten));
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(temporary, join(this.#folder, name));
    });
  }
}

export function emptyWork(): LedgerWrite {
  return { batches: [], event: null, payloadRecord: null, toolResult: null, isSpooled: false };
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
