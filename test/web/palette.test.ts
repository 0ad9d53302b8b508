import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SERIES } from '../../src/web/charts/palette.ts';

type Rgb = [number, number, number];

/** Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB. */
const EYES: Record<string, [Rgb, Rgb, Rgb]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Rgb {
  const part = (from: number): number => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function seen(rgb: Rgb, eye: [Rgb, Rgb, Rgb]): Rgb {
  const row = (by: Rgb): number =>
    Math.min(1, Math.max(0, by[0] * rgb[0] + by[1] * rgb[1] + by[2] * rgb[2]));
  return [row(eye[0]), row(eye[1]), row(eye[2])];
}

/** CIE L*a*b*, D65. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number): number =>
    t > 216 / 24_389 ? Math.cbrt(t) : ((24_389 / 27) * t + 16) / 116;
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const THEMES = ['light', 'dark'] as const;

test.each(THEMES)('colours of groups are told apart by all eyes, %s', (theme) => {
  const close: string[] = [];
  for (const [eye, matrix] of Object.entries(EYES)) {
    for (const [index, one] of SERIES[theme].entries()) {
      for (const other of SERIES[theme].slice(index + 1)) {
        const [a, b] = [lab(seen(linear(one), matrix)), lab(seen(linear(other), matrix))];
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        if (distance < 15) close.push(`${eye}: ${one} ${other} ${distance.toFixed(1)}`);
      }
    }
  }
  expect(close).toEqual([]);
});

test('the style sheet has the same colours', () => {
  const css = readFileSync(new URL('../../src/web/styles/tokens.css', import.meta.url), 'utf8');
  const found = [...css.matchAll(/--series-\d: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];
  expect(found.map(([, light]) => light)).toEqual(SERIES.light);
  expect(found.map(([, , dark]) => dark)).toEqual(SERIES.dark);
});
