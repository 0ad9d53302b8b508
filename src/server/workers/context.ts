import { type ZoneOffset, zoneOffset } from '../../core/time/period.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import { effectivePrices } from '../../ingest/effective-prices.ts';
import { type Environment, ledgerPath } from '../../sources/machine/paths.ts';
import { resolveProject } from '../../sources/machine/project.ts';
import { type Settings, readSettings } from '../../sources/settings/file.ts';
import { userZone } from '../../sources/machine/user-zone.ts';
import { machineZoneName } from '../../sources/machine/zone-name.ts';
import { SharedConnection } from '../../store/connection/shared-connection.ts';
import { type Ledger, openLedger } from '../../store/connection/open.ts';
import { LedgerWriter } from '../../store/ingest/writer.ts';
import { Problem } from '../http/problem.ts';

export interface Zone {
  timezone: string;
  offset: ZoneOffset;
}

interface Known {
  settings: Settings;
  prices: PriceTable | null;
  atMs: number;
}

/** How long who reads waits for the ledger's lock: to make or to migrate it. */
const BUSY_TIMEOUT_MS = 2000;
/** Settings and prices are files that the user may change while the server runs. */
const KNOWN_MS = 1000;

/** What answers are made with, in their thread. */
export class WorkerContext {
  readonly env: Environment;
  readonly version: string;
  readonly #kept = new SharedConnection();
  readonly #zones = new Map<string, ZoneOffset>();
  #known: Known | null = null;
  #writer: { db: Ledger; prices: PriceTable; writer: LedgerWriter } | null = null;

  constructor(env: Environment, version: string) {
    this.env = env;
    this.version = version;
  }

  /** The user's settings: no project's, as a server is in none. */
  get settings(): Settings {
    return this.#current().settings;
  }

  get prices(): PriceTable {
    const known = this.#current();
    known.prices ??= effectivePrices(this.env, known.settings).prices;
    return known.prices;
  }

  get ledgerPath(): string {
    return ledgerPath(this.env, this.settings.telemetry.path);
  }

  /**
   * Uses the ledger that is there now. It may be deleted, replaced or migrated between two uses, so
   * nothing of it is to be kept.
   * @throws as `openLedger` does
   */
  async ledger<T>(use: (db: Ledger) => T | Promise<T>): Promise<T> {
    const db = this.#open();
    try {
      return await use(db);
    } finally {
      if (db.readonly) db.close();
      else this.#kept.release(db);
    }
  }

  /** A ledger that can't be written is read as it is. */
  #open(): Ledger {
    const path = this.ledgerPath;
    try {
      return this.#kept.acquire(path, BUSY_TIMEOUT_MS);
    } catch (error) {
      if (!/^SQLITE_(?:READONLY|CANTOPEN)/.test(String((error as { code?: unknown }).code)))
        throw error;
      return openLedger(path, { busyTimeoutMs: BUSY_TIMEOUT_MS, readonly: true });
    }
  }

  /** The connection of whoever opens and gives back by itself. */
  acquire(path: string, busyTimeoutMs: number): Ledger {
    return this.#kept.acquire(path, busyTimeoutMs);
  }

  release(db: Ledger): void {
    this.#kept.release(db);
  }

  /** The writer to a ledger, its statements prepared once for as long as it is kept open. */
  writer(db: Ledger, prices: PriceTable): LedgerWriter {
    if (this.#writer?.db !== db || this.#writer.prices !== prices) {
      this.#writer = { db, prices, writer: new LedgerWriter(db, prices, resolveProject) };
    }
    return this.#writer.writer;
  }

  /** @param timezone IANA name; undefined: the user's. @throws Problem for a name that is none */
  zone(timezone: string | undefined): Zone {
    const machine = machineZoneName(this.env);
    const name = timezone ?? this.settings.timezone ?? machine;
    if (name === machine) return { timezone: name, offset: userZone(null) };
    const offset = this.#zones.get(name) ?? zoneOffset(name);
    if (offset === null) {
      throw new Problem(400, 'bad_parameter', `${name} is no time zone`, 'timezone');
    }
    this.#zones.set(name, offset);
    return { timezone: name, offset };
  }

  close(): void {
    this.#kept.close();
  }

  #current(): Known {
    const now = Date.now();
    if (this.#known === null || now - this.#known.atMs > KNOWN_MS) {
      this.#known = { settings: readSettings(this.env), prices: null, atMs: now };
    }
    return this.#known;
  }
}
