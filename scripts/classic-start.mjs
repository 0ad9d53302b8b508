// Makes one classic script of everything that a page starts with. Browsers cache the compiled code of classic
// scripts from the second load on; modules were measured to be parsed again each time, 20 to 30 ms for React.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

const PARTS = 'globalThis.tallyhookParts';

/** The chunks that a chunk imports, directly or not, in execution order. */
function listImports({ imports }, made) {
  return [...new Set(imports.flatMap((name) => [...listImports(made[name], made), name]))];
}

/** A chunk's code, with its imports from the start chunks replaced by reads of the parts. */
function withParts({ code }, isPart, parse) {
  return rewritten(code, parse, ({ type, specifiers, source }) => {
    if (type !== 'ImportDeclaration' || !isPart(basename(source.value))) return null;
    const names = specifiers.map(({ imported, local }) => `${imported.name}:${local.name}`);
    return `const{${names.join()}}=${PARTS}[${JSON.stringify(basename(source.value))}];`;
  });
}

/** A chunk as an expression statement that defines its part. */
function wrapPart({ fileName, code }, parse) {
  const exported = [];
  const body = rewritten(code, parse, ({ type, specifiers, source, declaration }) => {
    if (!type.startsWith('Export') && type !== 'ImportDeclaration') return null;
    if (type !== 'ExportNamedDeclaration' || declaration || source)
      throw new Error(`${fileName}: ${type} is not supported in a classic script`);
    exported.push(...specifiers.map((one) => `${one.exported.name}:${one.local.name}`));
    return '';
  });
  return `(()=>{${body}\n;${PARTS}[${JSON.stringify(basename(fileName))}]={${exported.join()}}})();\n`;
}

/** @param edit returns the replacement of a statement; null: keep it */
function rewritten(code, parse, edit) {
  let output = '';
  let at = 0;
  for (const statement of parse(code).body) {
    const text = edit(statement);
    if (text === null) continue;
    output += code.slice(at, statement.start) + text;
    at = statement.end;
  }
  return output + code.slice(at);
}

/**
 * Removes the chunks that a page starts with from a bundle; the others then read them from the script's parts.
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
  if (source.includes('import.meta')) throw new Error('a classic script cannot use import.meta');
  const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8);
  return { fileName: `assets/start-${hash}.js`, source };
}
