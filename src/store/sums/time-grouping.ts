import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';
import { type OffsetSegment, type ZoneOffset, offsetSegments } from '../../core/time/period.ts';
import type { Ledger } from '../connection/open.ts';

/** Groups sums by local hour or day. */
export interface TimeGrouping {
  unit: 'hour' | 'day';
  offset: ZoneOffset;
}

/** A time grouping as SQL, for the days that the ledger contains. */
export class LocalUnits {
  readonly #unit: TimeGrouping['unit'];
  readonly #offset: ZoneOffset;
  /** Starts of the UTC days that have records. */
  readonly #days: number[];
  readonly #segments: OffsetSegment[];

  constructor(db: Ledger, { unit, offset }: TimeGrouping) {
    this.#offset = offset;
    this.#days = db
      .prepare(`SELECT DISTINCT bucket_ms FROM rollups WHERE dimension = 'all' AND grain = 'day'`)
      .pluck()
      .all() as number[];
    this.#unit = unit;
    this.#segments = offsetSegments(offset, this.#days);
  }

  /** True if local days are UTC days, so that their roll-ups need no quarters. */
  get areUtcDays(): boolean {
    return this.#unit === 'day' && this.#segments.every(({ offsetMs }) => offsetMs % DAY_MS === 0);
  }

  get areDays(): boolean {
    return this.#unit === 'day';
  }

  /**
   * The quarters of UTC days that may belong to another local day: an hour or two a day in Europe.
   * @returns half-open ranges, for the days that start in the given range
   */
  foreignQuarters(fromMs: number, beforeMs: number): [fromMs: number, beforeMs: number][] {
    const days = this.#days.filter((day) => day >= fromMs && day < beforeMs);
    return days.map((day) => {
      const offset = this.#offset(day);
      const end = day + DAY_MS;
      if (this.#offset(end - 1) !== offset || Math.abs(offset) >= DAY_MS) return [day, end];
      return offset > 0 ? [end - offset, end] : [day, day - offset];
    });
  }

  /** A time within a local day, from the number that its expression yields. */
  timeIn(unit: number): number {
    const noon = (unit - 1) * DAY_MS + DAY_MS / 2;
    return noon - this.#offset(noon);
  }

  /** Number of expressions that identify a unit. */
  get columns(): number {
    return this.#unit === 'day' || this.#segments.length === 1 ? 1 : 2;
  }

  /** Expressions that identify the unit, for a column of milliseconds. */
  expressions(column: string): string[] {
    const offset = this.#offsetExpression(column);
    const length = this.#unit === 'day' ? DAY_MS : HOUR_MS;
    // A day is added because division rounds towards zero, and the first hours of 1970 may be negative.
    const unit = `(${column} + ${offset} + ${DAY_MS}) / ${length}`;
    // When a clock is set back, two hours have the same local name.
    return this.columns === 1 ? [unit] : [unit, offset];
  }

  /** The same for the UTC day, with the same numbering. */
  utcDayExpression(column: string): string {
    return `(${column} + ${DAY_MS}) / ${DAY_MS}`;
  }

  #offsetExpression(column: string): string {
    const last = this.#segments.at(-1)?.offsetMs ?? 0;
    const cases = this.#segments
      .slice(0, -1)
      .map(({ beforeMs, offsetMs }) => `WHEN ${column} < ${beforeMs} THEN ${offsetMs}`);
    return cases.length === 0 ? `(${last})` : `CASE ${cases.join(' ')} ELSE ${last} END`;
  }
}
