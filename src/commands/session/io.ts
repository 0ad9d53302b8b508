import { printable } from '../../core/lang/printable.ts';
import { type Style, pageText, styleFor } from '../../render/text/style.ts';

/** JSON alone goes to stdout; everything that is said beside it goes here, on one line. */
export function warn(text: string): void {
  process.stderr.write(`tallyhook: ${printable(text)}\n`);
}

/** One line, whatever names and messages it holds. */
export function printLine(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** A page of lines, whose names are printable already. */
export function print(text: string): void {
  write(`${text}\n`);
}

/** Text that ends its lines itself. */
export function write(text: string): void {
  process.stdout.write(pageText(text, stdoutStyle()));
}

export function stdoutStyle(): Style {
  return styleFor(process.stdout, process.env);
}
