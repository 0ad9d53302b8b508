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

interface CachedFiles {
  settings: Settings;
  prices: PriceTable | null;
  atMs: number;
}

/** How long a reader waits for the ledger's lock, which it needs to create or to migrate the ledger. */
const BUSY_TIMEOUT_MS = 2000;
/** How long settings and prices are cached: the user may change these files while the server runs. */
const CACHE_MS = 1000;

/** What the handlers of a worker share: settings, prices, time zones and the connection to the ledger. */
export class WorkerContext {
  readonly env: Environment;
  readonly version: string;
  readonly #connections = new SharedConnection();
  readonly #zones = new Map<string, ZoneOffset>();
  #cached: CachedFiles | null = null;
  #writer: { db: Ledger; prices: PriceTable; writer: LedgerWriter } | null = null;

  constructor(env: Environment, version: string) {
    this.env = env;
    this.version = version;
  }

  /** The user's settings, without those of a project, as a server does not belong to one. */
  get settings(): Settings {
    return this.#current().settings;
  }

  get prices(): PriceTable {
    const cached = this.#current();
    cached.prices ??= effectivePrices(this.env, cached.settings).prices;
    return cached.prices;
  }

  get ledgerPath(): string {
    return ledgerPath(this.env, this.settings.telemetry.path);
  }

  /**
   * Opens the ledger for one use. It may be deleted, replaced or migrated between two uses, so callers must
   * not keep the connection or anything read from it.
   * @throws as `openLedger` does
   */
  async ledger<T>(use: (db: Ledger) => T | Promise<T>): Promise<T> {
    const db = this.#open();
    try {
      return await use(db);
    } finally {
      if (db.readonly) db.close();
      else this.#connections.release(db);
    }
  }

  /** Opens a ledger that can't be written as read-only. */
  #open(): Ledger {
    const path = this.ledgerPath;
    try {
      return this.#connections.acquire(path, BUSY_TIMEOUT_MS);
    } catch (error) {
      if (!/^SQLITE_(?:READONLY|CANTOPEN)/.test(String((error as { code?: unknown }).code)))
        throw error;
      return openLedger(path, { busyTimeoutMs: BUSY_TIMEOUT_MS, readonly: true });
    }
  }

  /** For callers that acquire and release the connection themselves. */
  acquire(path: string, busyTimeoutMs: number): Ledger {
    return this.#connections.acquire(path, busyTimeoutMs);
  }

  release(db: Ledger): void {
    this.#connections.release(db);
  }

  /** The writer to a ledger. It is reused while the connection is open, so that statements are prepared once. */
  writer(db: Ledger, prices: PriceTable): LedgerWriter {
    if (this.#writer?.db !== db || this.#writer.prices !== prices) {
      this.#writer = { db, prices, writer: new LedgerWriter(db, prices, resolveProject) };
    }
    return this.#writer.writer;
  }

  /** @param timezone IANA name; undefined: the user's. @throws Problem for a name that is not a time zone */
  zone(timezone: string | undefined): Zone {
    const machine = machineZoneName(this.env);
    const name = timezone ?? this.settings.timezone ?? machine;
    if (name === machine) return { timezone: name, offset: userZone(null) };
    const offset = this.#zones.get(name) ?? zoneOffset(name);
    if (offset === null) {
      throw new Problem(
        400,
        'bad_parameter',
        `${name} is not a time zone; use an IANA name such as Europe/Berlin`,
        'timezone',
      );
    }
    this.#zones.set(name, offset);
    return { timezone: name, offset };
  }

  close(): void {
    this.#connections.close();
  }

  #current(): CachedFiles {
    const now = Date.now();
    if (this.#cached === null || now - this.#cached.atMs > CACHE_MS) {
      this.#cached = { settings: readSettings(this.env), prices: null, atMs: now };
    }
    return this.#cached;
  }
}
