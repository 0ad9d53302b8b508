/** One step of the schema. Append only: a released step is never changed. */
export interface Migration {
  /** `PRAGMA user_version` after the step. */
  number: number;
  sql: string;
}
