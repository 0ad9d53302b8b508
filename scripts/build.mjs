// Builds dist/: the hook, the statusline and the command line as one CommonJS file each, and the dashboard.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildWeb } from './build-web.mjs';
import { buildCachedExecutable, common, commonJs } from './cached-executable.mjs';
import { collectNotices } from './notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
// Keeps the dashboard, which is only rebuilt if its sources have changed.
const dist = existsSync(`${root}dist`) ? readdirSync(`${root}dist`) : [];
for (const name of dist.filter((one) => one !== 'web')) {
  rmSync(`${root}dist/${name}`, { recursive: true, force: true });
}

/** Keeps the server out of the command line's bundle, so that only `serve` loads it. */
const serverApart = {
  name: 'server-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/server\/start\.ts$/ }, () => ({ path: './server.cjs', external: true })),
};

const metafiles = [];
// Every agent's code but Claude Code's is loaded only for its own events. What these look like is in the hook.
const eventSigns = [];
for (const name of readdirSync(`${root}src/agents`)) {
  const entry = `src/agents/${name}/index.ts`;
  if (name === 'claude-code' || !existsSync(root + entry)) continue;
  const [, exported] =
    /export const (\w+): Agent = /.exec(readFileSync(root + entry, 'utf8')) ?? [];
  const { metafile } = await build({
    ...common,
    ...commonJs,
    // Without what only setting up needs.
    stdin: { contents: `export { ${exported} as agent } from './${entry}';`, resolveDir: root },
    outfile: `dist/hooks/agents/${name}.cjs`,
  });
  metafiles.push(metafile);
  const { agent } = createRequire(import.meta.url)(`${root}dist/hooks/agents/${name}.cjs`);
  if (agent.eventSign !== undefined) eventSigns.push([agent.eventSign.source, agent.name]);
}
metafiles.push(
  await buildCachedExecutable({
    main: 'src/hook/main.ts',
    loader: 'hooks/record.ts',
    out: 'dist/hooks/record',
    options: { define: { AGENT_EVENT_SIGNS: JSON.stringify(eventSigns) } },
  }),
);
metafiles.push(
  await buildCachedExecutable({
    main: 'src/statusline/main.ts',
    loader: 'hooks/statusline.ts',
    out: 'dist/hooks/statusline',
  }),
);
// The command line is one file: loaded from a code cache, the whole file takes less time than
// resolving the modules of a single command did.
metafiles.push(
  await buildCachedExecutable({
    main: 'src/cli.ts',
    loader: 'hooks/cli.ts',
    out: 'dist/cli',
    options: {
      plugins: [serverApart],
      supported: { 'dynamic-import': false },
      alias: { assert: `${root}scripts/assert.mjs` },
      // nodemailer is only loaded to send a mail, where speed does not matter. A script has no import().
      external: ['bindings', 'nodemailer'],
      // The space before `require` shows publint that this is CommonJS.
      banner: { js: 'var __fileUrl = require("node:url").pathToFileURL(__filename).href;' },
      define: { 'import.meta.url': '__fileUrl', TALLYHOOK_VERSION: JSON.stringify(version) },
    },
  }),
);
// The server, which only `serve` loads, and its worker.
for (const [entry, name] of [
  ['start', 'server'],
  ['workers/worker', 'server-worker'],
]) {
  const { metafile } = await build({
    ...common,
    ...commonJs,
    entryPoints: [`src/server/${entry}.ts`],
    outfile: `dist/${name}.cjs`,
  });
  metafiles.push(metafile);
}
// The worker with which the command line reads rows.
const { metafile } = await build({
  ...common,
  ...commonJs,
  entryPoints: ['src/store/sums/scan-worker.ts'],
  outfile: 'dist/scan-worker.cjs',
});
metafiles.push(metafile);
// The prices of other providers, which a program reads if it meets one of their models.
copyFileSync(`${root}src/pricing/builtin/catalog.txt`, `${root}dist/catalog.txt`);
writeFileSync(`${root}dist/THIRD-PARTY-NOTICES.md`, collectNotices(root, metafiles));
await buildWeb();
// Creates V8's code caches of the executables for this Node.
execFileSync(process.execPath, [`${root}dist/cli.cjs`, 'hook-path', '--prepare']);
