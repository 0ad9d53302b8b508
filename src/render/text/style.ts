import { printableLines } from '../../core/lang/printable.ts';

type Paint = (text: string) => string;

/** How text may be shown: colours only on a terminal, and never if the user turned them off. */
export interface Style {
  bold: Paint;
  dim: Paint;
  green: Paint;
  yellow: Paint;
  cyan: Paint;
  magenta: Paint;
  /** Width in columns; null if the output is not a terminal. */
  columns: number | null;
  /** Whether bars and ellipses may use characters beyond ASCII. */
  isUnicode: boolean;
}

/** `NO_COLOR` takes precedence over `FORCE_COLOR`, and that over whether the output is a terminal. */
export function styleFor(
  stream: { isTTY?: boolean; columns?: number },
  env: Record<string, string | undefined>,
): Style {
  const isTerminal = stream.isTTY === true;
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const hasColour = !env['NO_COLOR'] && (forced || (isTerminal && env['TERM'] !== 'dumb'));
  const paint =
    (on: number, off: number) =>
    (text: string): string =>
      hasColour ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  const columns = Number(env['COLUMNS']) || stream.columns;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
    magenta: paint(35, 39),
    // A terminal of unknown size reports 0.
    columns: columns || null,
    isUnicode: hasUnicode(env),
  };
}

/** The codes of `styleFor`; the capturing group keeps them when text is split by them. */
// oxlint-disable-next-line no-control-regex -- colours are control characters
const CODES = /(\u001B\[(?:1|2|22|32|33|35|36|39)m)/;

/**
 * A finished page, ready to be written. Names in it are printable already; if one was missed, this
 * removes everything that a terminal would obey, except the colours of `styleFor`.
 */
export function pageText(text: string, style: Style): string {
  if (style.bold('') === '') return printableLines(text);
  const parts = text.split(CODES);
  return parts.map((part, index) => (index % 2 === 1 ? part : printableLines(part))).join('');
}

/** The style for text that no terminal breaks, such as Markdown. */
export function unbounded(style: Style): Style {
  return { ...style, columns: 1000, isUnicode: true };
}

/** By the locale; without one (a job, a service), UTF-8 is assumed. */
function hasUnicode(env: Record<string, string | undefined>): boolean {
  if (env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
}
