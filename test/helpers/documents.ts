import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A Markdown file of the repository. */
export interface DocumentFile {
  /** From the root, as in `docs/install.md`. */
  path: string;
  text: string;
}

export function readDocument(path: string): DocumentFile {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** Everything that is written for people: README.md and its neighbours, docs/, the plugin's page. */
export function readDocuments(): DocumentFile[] {
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return [...atRoot, ...inDocs.sort(), 'plugin/README.md'].map(readDocument);
}

/** Lines of its shell blocks, without comments. */
export function shellLines({ text }: DocumentFile): string[] {
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/(?:^|\s+)#.*$/, ''))
    .filter((line) => line !== '');
}

/** Every text in backticks, within a line. */
export function codeSpans({ text }: DocumentFile): string[] {
  const prose = text.replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}
