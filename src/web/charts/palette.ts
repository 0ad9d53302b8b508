/**
 * Colours of groups, told apart also with a protanope's or deuteranope's eyes: neighbours differ in
 * lightness as well as in hue (`test/web/palette.test.ts` holds it). In CSS they are `--series-1` and on.
 */
export const SERIES = {
  light: ['#0b62a4', '#d98200', '#0f8f74', '#d070aa', '#5fb0e3', '#8a3a12'],
  dark: ['#4f9fe0', '#f2b04c', '#46cfaa', '#cf5f9f', '#a5dcfa', '#b95526'],
} as const;

/** More than these are added up to one. */
export const MAX_SERIES = SERIES.light.length;

/** @param index of the group, in the order of size; beyond the last it is what was added up */
export function seriesColour(index: number): string {
  return index < MAX_SERIES ? `var(--series-${index + 1})` : 'var(--series-other)';
}
