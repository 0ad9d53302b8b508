import { printable } from '../../core/lang/printable.ts';
import { type Style, pageText, styleFor } from '../../render/text/style.ts';

/** Prints a message on one line of stderr: with `--json`, stdout has only the document. */
export function warn(text: string): void {
  process.stderr.write(`tallyhook: ${printable(text)}\n`);
}

const endNotes: string[] = [];

/** The same below everything else that the command prints. */
export function noteAtEnd(text: string): void {
  if (endNotes.length === 0) {
    process.once('beforeExit', () => {
      for (const note of endNotes) warn(note);
    });
  }
  endNotes.push(text);
}

/** Prints one line, with control characters in names and messages escaped. */
export function printLine(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Prints lines whose names are printable already. */
export function print(text: string): void {
  write(`${text}\n`);
}

/** Prints text that ends with its own line break. */
export function write(text: string): void {
  process.stdout.write(pageText(text, stdoutStyle()));
}

export function stdoutStyle(): Style {
  return styleFor(process.stdout, process.env);
}
