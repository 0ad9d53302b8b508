import type { Conventions, ReportedCounts } from './counts.ts';

/** A usage object whose shape was recognised. */
export interface Shape {
  /** Who bills it, as far as the shape alone tells. */
  provider: string | null;
  counts: ReportedCounts;
  conventions: Conventions;
}
