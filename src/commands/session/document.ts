import { jsonText } from '../../core/lang/printable.ts';
import { print } from './io.ts';

/**
 * Prints a command's document. Which one it is has to be said, as in
 * `printDocument<DocumentOf<typeof verify>>(…)`: its schema then checks what is printed.
 */
export function printDocument<Document extends { schemaVersion: 1 } = never>(
  content: WithoutVersion<NoInfer<Document>>,
): void {
  print(jsonText({ schemaVersion: 1, ...content }, 2));
}

/** Of the default, `never`, so that nothing fits where no document is named. */
type WithoutVersion<Document> = Document extends object ? Omit<Document, 'schemaVersion'> : never;
