import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { type DocumentFile, readDocuments, root } from '../helpers/documents.ts';

const documents = readDocuments();

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}

function anchorsOf({ text }: DocumentFile): string[] {
  const prose = text.replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** What its links and pictures point at, but for other sites. */
function targetsOf({ text }: DocumentFile): string[] {
  const prose = text.replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)].map(([, target = '']) => target);
}

test('every relative link points at a file, and every anchor at a heading', () => {
  const broken = documents.flatMap((document) =>
    targetsOf(document)
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? document.path : normalize(join(dirname(document.path), file));
        if (!existsSync(join(root, path))) return true;
        if (anchor === undefined) return false;
        const there = documents.find((one) => one.path === path);
        return there === undefined || !anchorsOf(there).includes(anchor);
      })
      .map((target) => `${document.path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every page that the text names exists', () => {
  const missing = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)]
      .map(([name]) => name)
      .filter((name) => !existsSync(join(root, name)))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});
