/**
 * Colours of groups that people with protanopia or deuteranopia can distinguish: neighbours differ in lightness
 * as well as in hue (checked by `test/web/palette.test.ts`). In CSS they are `--series-1` and so on.
 */
export const SERIES = {
  light: ['#0b62a4', '#d98200', '#0f8f74', '#d070aa', '#5fb0e3', '#8a3a12'],
  dark: ['#4f9fe0', '#f2b04c', '#46cfaa', '#cf5f9f', '#a5dcfa', '#b95526'],
} as const;

/** Further groups are summed into one. */
export const MAX_SERIES = SERIES.light.length;

/** @param index of the group by size; beyond MAX_SERIES it is the sum of the others */
export function seriesColour(index: number): string {
  return index < MAX_SERIES ? `var(--series-${index + 1})` : 'var(--series-other)';
}
