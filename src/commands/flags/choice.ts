/** `--order must be asc or desc, not 'up'.` @param name of a flag or a positional, as it is typed */
export function choiceFault(name: string, given: string, choices: readonly string[]): string {
  return `${name} must be ${alternatives(choices)}, not '${given.slice(0, 80)}'.`;
}

/** `asc or desc`, `day, week or month`. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
