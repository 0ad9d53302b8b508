// Makes a classic script of all that a page starts with. Of those a browser keeps the compiled code from the
// second load on; modules it was seen to parse anew each time, 20 to 30 ms for React.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

const PARTS = 'globalThis.tallyhookParts';

/** What a chunk can't run without, in the order that it is run in. */
function listImports({ imports }, made) {
  return [...new Set(imports.flatMap((name) => [...listImports(made[name], made), name]))];
}

/** A chunk's code with what it imports of some chunks taken from the parts instead. */
function withParts({ code }, isPart, parse) {
  return rewritten(code, parse, ({ type, specifiers, source }) => {
    if (type !== 'ImportDeclaration' || !isPart(basename(source.value))) return null;
    const names = specifiers.map(({ imported, local }) => `${imported.name}:${local.name}`);
    return `const{${names.join()}}=${PARTS}[${JSON.stringify(basename(source.value))}];`;
  });
}

/** A chunk as an expression statement that makes its part. */
function wrapPart({ fileName, code }, parse) {
  const exported = [];
  const body = rewritten(code, parse, ({ type, specifiers, source, declaration }) => {
    if (!type.startsWith('Export') && type !== 'ImportDeclaration') return null;
    if (type !== 'ExportNamedDeclaration' || declaration || source)
      throw new Error(`${fileName}: ${type} is not made classic`);
    exported.push(...specifiers.map((one) => `${one.exported.name}:${one.local.name}`));
    return '';
  });
  return `(()=>{${body}\n;${PARTS}[${JSON.stringify(basename(fileName))}]={${exported.join()}}})();\n`;
}

/** @param edit what a statement becomes; null: it stays */
function rewritten(code, parse, edit) {
  let made = '';
  let at = 0;
  for (const statement of parse(code).body) {
    const text = edit(statement);
    if (text === null) continue;
    made += code.slice(at, statement.start) + text;
    at = statement.end;
  }
  return made + code.slice(at);
}

/**
 * Takes the chunks that a page starts with out of a bundle; the others then find them in what the script has made.
 * @param made the bundle, changed in place @param parse code to its ESTree
 * @returns the script's name and code
 */
export function classicStart(made, parse) {
  const chunks = Object.values(made).filter(({ type }) => type === 'chunk');
  const entry = chunks.find((one) => one.isEntry);
  const names = [...listImports(entry, made), entry.fileName];
  const isPart = (name) => names.some((one) => basename(one) === name);
  for (const chunk of chunks) chunk.code = withParts(chunk, isPart, parse);
  const parts = names.map((name) => wrapPart(made[name], parse));
  for (const name of names) delete made[name];
  const source = `'use strict';${PARTS}={};${parts.join('')}`;
  if (source.includes('import.meta')) throw new Error('a classic script has no import.meta');
  const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8);
  return { fileName: `assets/start-${hash}.js`, source };
}
