// Writes schemas/*.schema.json from src/schemas, the table in docs/settings.md from the one in
// src/core/settings, and the agents' proper names from their registry. With --check it fails where they
// disagree.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}schemas/`;
const { schemaFiles, settingsTable } = await importTypeScript(`${root}src/schemas/generate.ts`);

const files = schemaFiles();
const wanted = new Map(Object.entries(files).map(([name, text]) => [folder + name, text]));
const page = `${root}docs/settings.md`;
wanted.set(page, pageWith(settingsTable()));
const { AGENTS } = await importTypeScript(`${root}src/agents/registry.ts`);
wanted.set(`${root}src/core/client/titles.generated.ts`, clientTitles(AGENTS));

mkdirSync(folder, { recursive: true });
const obsolete = readdirSync(folder).filter((name) => !(name in files));
const changed = [...wanted].filter(([path, text]) => readText(path) !== text);
if (!process.argv.includes('--check')) {
  for (const [path, text] of changed) writeFileSync(path, text);
  for (const name of obsolete) rmSync(folder + name);
  console.log(`${wanted.size} files, ${changed.length + obsolete.length} changed`);
} else if (changed.length + obsolete.length > 0) {
  const names = [...changed.map(([path]) => path.slice(root.length)), ...obsolete];
  console.error(`out of date: ${names.join(', ')}. Run \`npm run schemas\`.`);
  process.exitCode = 1;
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** @param {{ name: string, title: string }[]} agents */
function clientTitles(agents) {
  const lines = agents.map(
    ({ name, title }) => `  ${JSON.stringify(name)}: ${JSON.stringify(title)},`,
  );
  return `// Generated from src/agents/registry.ts by \`npm run schemas\`.
/** The proper names of the agents whose requests are recorded, by the name in the \`client\` column. */
export const CLIENT_TITLES: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
}

/** Puts the table between its two marks. */
function pageWith(table) {
  const text = readFileSync(page, 'utf8');
  const [start, end] = ['<!-- settings -->', '<!-- end of settings -->'];
  const [before, rest = ''] = text.split(`${start}\n`);
  const after = rest.split(`${end}\n`)[1];
  if (after === undefined) throw new Error(`docs/settings.md has no ${start} ... ${end}`);
  return `${before}${start}\n\n${table}\n\n${end}\n${after}`;
}
