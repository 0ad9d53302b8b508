import { LINE_FACT_COLUMNS, type LineFacts, type RecordRow } from './record-columns.ts';

const NAMES = LINE_FACT_COLUMNS.map(([, name]) => name);

/** Nothing stated. */
export const NO_LINE_FACTS = Object.freeze(
  Object.fromEntries(NAMES.map((name) => [name, null])),
) as LineFacts;

export function pickLineFacts(from: LineFacts): LineFacts {
  const facts = { ...NO_LINE_FACTS };
  for (const name of NAMES) facts[name] = from[name];
  return facts;
}

export function haveSameLineFacts(a: LineFacts, b: LineFacts): boolean {
  for (const name of NAMES) if (a[name] !== b[name]) return false;
  return true;
}

/** What either of the two states; where they differ, the result does not depend on their order. */
export function mergeLineFacts(a: LineFacts, b: LineFacts): LineFacts {
  const facts = { ...NO_LINE_FACTS };
  for (const name of NAMES) facts[name] = smallerText(a[name], b[name]);
  return facts;
}

export type LineFactColumns = Pick<RecordRow, (typeof LINE_FACT_COLUMNS)[number][0]>;

export function lineFactColumns(facts: LineFacts): LineFactColumns {
  const columns: Partial<LineFactColumns> = {};
  for (const [column, name] of LINE_FACT_COLUMNS) columns[column] = facts[name];
  return columns as LineFactColumns;
}

export function lineFactsOfRow(row: LineFactColumns): LineFacts {
  const facts = { ...NO_LINE_FACTS };
  for (const [column, name] of LINE_FACT_COLUMNS) facts[name] = row[column];
  return facts;
}

/** Any rule would do that does not depend on the order; null has the lowest priority. */
export function smallerText(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a <= b ? a : b;
}
