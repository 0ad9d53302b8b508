import type { Conventions, ReportedCounts } from './counts.ts';

/** A usage object of a recognised shape. */
export interface Shape {
  /** Who bills it, as far as the shape alone shows. */
  provider: string | null;
  counts: ReportedCounts;
  conventions: Conventions;
}
