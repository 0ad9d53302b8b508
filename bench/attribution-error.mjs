// How far apart shares by characters and shares by tokens are, by kind of text. Counts tokens with the
// vendor's own published vocabulary (of an older model; the newer ones' are not published):
//
//   npm install --prefix /tmp/tokenizer @anthropic-ai/tokenizer
//   BENCH_TOKENIZER=/tmp/tokenizer/node_modules/@anthropic-ai/tokenizer node bench/run.mjs attribution-error
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { printTable, quantile, record, root } from './measure.mjs';

const place = process.env.BENCH_TOKENIZER;
if (place === undefined) throw new Error('set BENCH_TOKENIZER: see the head of this file');
const { countTokens } = createRequire(import.meta.url)(place);

const CHARS = 20_000;
const read = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
const names = (locale) =>
  Array.from({ length: 26 * 26 }, (_, index) => {
    const code = String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26));
    const name = new Intl.DisplayNames(locale, { type: 'region' }).of(code);
    return name === code ? '' : name;
  })
    .filter((name) => name !== '')
    .join(', ');
const run = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: 'utf8' });
const texts = {
  'English prose': read('docs', '.md') + readFileSync(join(root, 'README.md'), 'utf8'),
  TypeScript: read('src', '.ts'),
  JSON: read('schemas', '.json'),
  'git log and diffs': run('git', 'log', '-p', '-3', '--', 'src', 'README.md'),
  'ls -laR': run('ls', '-laR', 'src', 'test'),
  'numbers, as CSV': Array.from(
    { length: 3000 },
    (_, n) => `${n},${(n * 7919) % 100003},${n / 7}`,
  ).join('\n'),
  hexadecimal: Buffer.from(read('src', '.ts').slice(0, CHARS)).toString('hex'),
  German: names('de').repeat(9),
  Russian: names('ru').repeat(9),
  Chinese: names('zh').repeat(20),
};
const rows = Object.entries(texts).map(([name, text]) => {
  const part = text.slice(0, CHARS);
  return { name, chars: part.length, 'tokens a character': round(countTokens(part) / part.length) };
});
// Two pieces of one request, of equal size in characters: what the first really has, and what it is given.
const usual = rows.slice(0, 5).map((row) => row['tokens a character']);
const errors = (ratios) =>
  ratios.flatMap((a, index) => ratios.slice(index + 1).map((b) => Math.abs(a / (a + b) - 0.5)));
const all = rows.map((row) => row['tokens a character']);
const summary = {
  'usual, median': percent(quantile(errors(usual), 0.5)),
  'usual, most': percent(Math.max(...errors(usual))),
  'all, median': percent(quantile(errors(all), 0.5)),
  'all, most': percent(Math.max(...errors(all))),
};
printTable(rows);
console.log('error of a share, in points of the part, two pieces of equal size:', summary);
record('attribution-error', { rows, summary });

function round(value) {
  return Math.round(value * 1000) / 1000;
}

function percent(value) {
  return (value * 100).toFixed(1);
}
