/** Of a flag given twice the last counts, as in most programs; yargs would hand over a list. */
export function lastValue<Value>(value: Value | Value[]): Value {
  // It makes a list only of several.
  return Array.isArray(value) ? (value.at(-1) as Value) : value;
}
