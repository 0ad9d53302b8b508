import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaFiles } from '../../src/schemas/generate.ts';

test('schemas/ is what its sources give (npm run schemas)', () => {
  for (const [name, text] of Object.entries(schemaFiles())) {
    const path = new URL(`../../schemas/${name}`, import.meta.url);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});
