/** `1 request`, `1200 requests`. */
export function withCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
