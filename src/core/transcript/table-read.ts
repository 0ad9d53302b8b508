/** Which columns to read of an agent's own SQLite file; the store makes the query from it. */
export interface TableRead {
  name: string;
  columns: readonly string[];
  /** A column with whole numbers that never fall; rows with the cursor's value are read again. */
  cursor: string;
  /**
   * How far behind the cursor rows are read again: a time column may get an earlier value from a process
   * that commits later. Absent: not at all.
   */
  overlap?: number;
  /** Where the file names the agent's version, for a layout that is not known. */
  version?: { table: string; column: string };
  /** Columns of another table, for the row whose `key` equals this table's `by`. */
  join: {
    table: string;
    by: string;
    key: string;
    /** Their names in the row that is returned, by column. */
    columns: Readonly<Record<string, string>>;
  } | null;
}
