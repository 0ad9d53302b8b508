/** An agent's SQLite file has another layout than the one that is known. */
export class UnknownLayoutError extends Error {
  /** Tables and columns, as `table` or `table.column`. */
  readonly missing: readonly string[];
  /** The version of the agent that wrote to it last; null if the file does not say so. */
  readonly version: string | null;

  constructor(path: string, missing: readonly string[], version: string | null) {
    super(`${path} has another layout: ${missing.join(', ')} not found`);
    this.name = 'UnknownLayoutError';
    this.missing = missing;
    this.version = version;
  }
}
