import type { VerifyCheck } from '../../core/finding.ts';
import { type Ledger, openLedger } from '../connection/open.ts';
import { listSome } from './list-some.ts';

/** Compares tables, views, indexes and triggers with those of a new ledger. */
export function checkSchema(db: Ledger): VerifyCheck {
  newest ??= objectsOfNewLedger();
  const expected = newest;
  const actual = readObjects(db);
  const faults: string[] = [];
  for (const [name, sql] of expected) {
    if (!actual.has(name)) faults.push(`${name} is missing`);
    else if (actual.get(name) !== sql) faults.push(`${name} was altered`);
  }
  for (const name of actual.keys()) {
    // A table or an index that somebody added changes nothing; a trigger may change anything.
    if (name.startsWith('trigger ') && !expected.has(name)) faults.push(`${name} was added`);
  }
  const isSound = faults.length === 0;
  const found = isSound ? `all ${expected.size} objects` : listSome(faults);
  return { name: 'tables, indexes and triggers', isSound, found };
}

let newest: Map<string, string> | null = null;

function objectsOfNewLedger(): Map<string, string> {
  const db = openLedger('', { busyTimeoutMs: 0 });
  try {
    return readObjects(db);
  } finally {
    db.close();
  }
}

function readObjects(db: Ledger): Map<string, string> {
  const rows = db
    .prepare(
      `SELECT type || ' ' || name, sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type DESC, name`,
    )
    .raw()
    .all() as [string, string][];
  return new Map(rows);
}
