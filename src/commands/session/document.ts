import { jsonText } from '../../core/lang/printable.ts';
import { print } from './io.ts';

/**
 * Prints a command's JSON document. The type argument is required, as in
 * `printDocument<DocumentOf<typeof verify>>(…)`: it checks the content against the schema.
 */
export function printDocument<Document extends { schemaVersion: 1 } = never>(
  content: WithoutVersion<NoInfer<Document>>,
): void {
  print(jsonText({ schemaVersion: 1, ...content }, 2));
}

/** `never` for the default, so that a call without a type argument does not compile. */
type WithoutVersion<Document> = Document extends object ? Omit<Document, 'schemaVersion'> : never;
