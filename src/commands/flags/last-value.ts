/** Of a flag given twice the last counts, as in most programs; yargs would hand over a list. */
export function lastString(value: string | string[]): string | undefined {
  return Array.isArray(value) ? value.at(-1) : value;
}

/** The same for a flag that takes a number. */
export function lastNumber(value: number | number[]): number | undefined {
  return Array.isArray(value) ? value.at(-1) : value;
}
