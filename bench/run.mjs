// `npm run bench -- NAME` runs a benchmark together with its baseline. Results are printed, and appended to
// bench/results.jsonl with the commit and the machine.
const names = [
  'hook',
  'agents',
  'statusline',
  'client',
  'import',
  'reports',
  'attribution',
  'attribution-error',
  'server',
  'tail',
  'web',
  'anomalies',
];
const name = process.argv[2];
if (!names.includes(name)) {
  console.error(`usage: npm run bench -- ${names.join('|')}`);
  process.exitCode = 2;
} else {
  await import(`./${name}.mjs`);
}
