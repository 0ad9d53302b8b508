import { printableLines } from '../../core/lang/printable.ts';

/** How text may be shown: colours only where someone looks, and never where they are not wanted. */
type Paint = (text: string) => string;

export interface Style {
  bold: Paint;
  dim: Paint;
  green: Paint;
  yellow: Paint;
  cyan: Paint;
  magenta: Paint;
  /** Characters across; null where the output is no terminal. */
  columns: number | null;
  /** Draws bars and ellipses with characters beyond ASCII. */
  isUnicode: boolean;
}

/** `NO_COLOR` beats `FORCE_COLOR` beats whether the output is a terminal. */
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
    // A terminal that does not know its size says 0.
    columns: columns || null,
    isUnicode: hasUnicode(env),
  };
}

/** The codes of `styleFor`; the brackets keep them in what is split by them. */
// oxlint-disable-next-line no-control-regex -- colours are control characters
const CODES = /(\u001B\[(?:1|2|22|32|33|35|36|39)m)/;

/**
 * A finished page, ready to be written. Names in it were made printable one by one; should one have
 * been forgotten, nothing of it is left here that a terminal obeys, but our own colours.
 */
export function pageText(text: string, style: Style): string {
  if (style.bold('') === '') return printableLines(text);
  const parts = text.split(CODES);
  return parts.map((part, index) => (index % 2 === 1 ? part : printableLines(part))).join('');
}

/** Of a text that no terminal breaks, as Markdown is. */
export function unbounded(style: Style): Style {
  return { ...style, columns: 1000, isUnicode: true };
}

/** As the locale says; where nothing does (a job, a service), UTF-8 is what is read nearly everywhere. */
function hasUnicode(env: Record<string, string | undefined>): boolean {
  if (env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
}
