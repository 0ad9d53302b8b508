// Writes src/pricing/builtin/table.generated.ts from the facts in scripts/prices/*.json.
//
//   --check              fails where the table and the facts disagree; needs no network
//   --fetch              first reads the packages of src/pricing/sources through the registry that
//                        npm is set to
//   --from DIR           first reads one of the packages, unpacked, out of DIR
//
// docs/price-table.md says more.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';
import { fetchPackage, readPackage } from './prices/fetch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const factsFolder = `${root}scripts/prices/`;
const tablePath = `${root}src/pricing/builtin/table.generated.ts`;

const { PRICE_SOURCES } = await importTypeScript(`${root}src/pricing/sources/index.ts`);

const args = process.argv.slice(2);
for (const folder of args.flatMap((arg, place) => (arg === '--from' ? [args[place + 1]] : []))) {
  const { name } = JSON.parse(readFileSync(packageJson(folder), 'utf8'));
  const source = PRICE_SOURCES.find((one) => one.name === name);
  if (source === undefined) throw new Error(`${name} is none of the sources`);
  const { files, version } = readPackage(folder, source.isWanted);
  if (version !== source.version) throw new Error(`${name} ${version}, not ${source.version}`);
  keepFacts(source, source.extract(files), null);
}
if (args.includes('--fetch')) {
  for (const source of PRICE_SOURCES) {
    const { files, date } = fetchPackage(source.name, source.version, source.isWanted);
    keepFacts(source, source.extract(files), date);
  }
}
const table = await generate();
if (!args.includes('--check')) {
  writeFileSync(tablePath, table);
  console.log(`src/pricing/builtin/table.generated.ts: ${Buffer.byteLength(table)} bytes`);
} else if (readFileSync(tablePath, 'utf8') !== table) {
  console.error(
    'src/pricing/builtin/table.generated.ts is not what its sources give: npm run prices',
  );
  process.exitCode = 1;
}

function packageJson(folder) {
  const inside = readdirSync(folder).includes('package') ? 'package/' : '';
  return `${folder}/${inside}package.json`;
}

function factsPath({ name, version }) {
  return `${factsFolder}${name.slice(name.indexOf('/') + 1)}-${version}.json`;
}

/** One model a line, so that a change of one shows as that. An unpacked package has no date. */
function keepFacts(source, models, published) {
  const path = factsPath(source);
  const date = published ?? JSON.parse(readFileSync(path, 'utf8')).date;
  const { name, version } = source;
  const head = JSON.stringify({ package: name, version, date }).slice(0, -1);
  const lines = models.map((model) => JSON.stringify(model)).join(',\n');
  writeFileSync(path, `${head},"models":[\n${lines}\n]}\n`);
  console.log(`${path.slice(root.length)}: ${models.length} models`);
}

async function generate() {
  const files = readdirSync(factsFolder).filter((file) => file.endsWith('.json'));
  const facts = files.sort().map((file) => JSON.parse(readFileSync(factsFolder + file, 'utf8')));
  const { generateCatalog } = await importTypeScript(`${root}src/pricing/sources/generate.ts`);
  const { text, sources } = generateCatalog(facts);
  const lines = Object.entries(sources).map(([letter, source]) => {
    return `  ${letter}: ${JSON.stringify(source).replaceAll('","', '", "')},`;
  });
  return [
    '// Written by scripts/generate-prices.mjs (npm run prices): change the sources, not this.',
    '// How to read it: catalog.ts.',
    '',
    '/** Which source said so, and when it was published. */',
    'export const CATALOG_SOURCES: Readonly<Record<string, readonly [string, string]>> = {',
    ...lines,
    '};',
    '',
    `export const CATALOG = \`${text}\`;`,
    '',
  ].join('\n');
}
