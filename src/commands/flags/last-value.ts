/** When a flag is given twice the last value counts, as in most programs; yargs would pass a list. */
export function lastValue<Value>(value: Value | Value[]): Value {
  // yargs makes a list only of several values, so it is never empty.
  return Array.isArray(value) ? (value.at(-1) as Value) : value;
}
