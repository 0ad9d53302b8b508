/** One step of the schema. Append only: a step that has been released is never changed. */
export interface Migration {
  /** `PRAGMA user_version` after the step. */
  number: number;
  sql: string;
}
