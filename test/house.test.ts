import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The rooms, and which others each may import from: the table in ARCHITECTURE.md is the rule. */
function readAllowedImports(): Record<string, string[]> {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const rows = text.matchAll(/^\| `(?:src\/)?([\w.]+)\/?` \|.*\| ([^|]+) \|$/gm);
  return Object.fromEntries(
    [...rows].map(([, room = '', allowed = '']) => [
      room,
      allowed === 'nothing' ? [] : allowed.split(', '),
    ]),
  );
}

const ALLOWED = readAllowedImports();

/** Packages (and Node's own modules, as `node:`) that a room may use. */
const PACKAGES: Record<string, string[]> = {
  core: [],
  agents: ['zod/mini', 'jsonc-parser'],
  pricing: [],
  query: [],
  files: ['node:'],
  sources: ['node:', 'zod/mini', 'csv-parse/sync'],
  store: ['node:', 'better-sqlite3'],
  budgets: ['node:'],
  ingest: ['node:'],
  hook: ['node:'],
  statusline: ['node:'],
  alerts: ['node:', 'nodemailer'],
  doctor: ['node:'],
  reports: [],
  render: ['string-width'],
  schemas: ['zod'],
  server: ['node:', 'hono', '@hono/node-server', 'prom-client', 'zod'],
  commands: ['node:', 'yargs', '@clack/prompts', 'chokidar', 'tokenx'],
  web: ['react', 'react-dom', 'recharts', '@tanstack/react-query', 'zustand'],
  'cli.ts': ['yargs'],
  hooks: ['node:'],
};

interface Import {
  file: string;
  room: string;
  target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

const files = [...sourceFiles('src'), ...sourceFiles('hooks')];

function roomOf(file: string): string {
  const parts = file.split('/');
  return parts[0] === 'hooks' ? 'hooks' : (parts[1] ?? '');
}

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  const targets = [...found]
    .map(([, target = '']) => target)
    .filter((target) => !target.includes(' '));
  return targets.map((target) => ({ file, room: roomOf(file), target }));
});

/** The folders of agents; the others in `src/agents` are what agents share. */
const AGENTS = readdirSync(join(root, 'src/agents')).filter((name) =>
  existsSync(join(root, 'src/agents', name, 'index.ts')),
);
const OTHER_AGENTS = AGENTS.filter((agent) => agent !== 'claude-code');

/** What only Claude Code has: its settings, plugins and worktrees, status line, telemetry, and the default. */
const KNOWS_CLAUDE_CODE = [
  'src/commands/compare/',
  'src/commands/flags/agent-names.ts',
  'src/commands/serve/',
  'src/commands/session/ledger.ts',
  'src/commands/setup/',
  'src/doctor/',
  'src/hook/load-agent.ts',
  'src/ingest/unread-list.ts',
  'src/reports/coverage/cause.ts',
  'src/server/routes/telemetry.ts',
  'src/sources/machine/',
  'src/sources/settings/',
  'src/sources/transcripts/places.ts',
  'src/statusline/run.ts',
];

/** Providers and kinds of lines of the same name. */
const NAMES_THAT_ARE_NO_AGENTS = ['src/agents/other-agents.ts', 'src/core/model/provider-names.ts'];

describe('the house', () => {
  test('every room is on the plan', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  test('no folder has more than twenty files', () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
  });

  test('no exported name is defined twice', () => {
    const homes = new Map<string, string[]>();
    const definition = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;
    for (const file of files) {
      for (const [, name = ''] of readFileSync(join(root, file), 'utf8').matchAll(definition)) {
        homes.set(name, [...(homes.get(name) ?? []), file]);
      }
    }
    expect([...homes].filter(([, where]) => where.length > 1)).toEqual([]);
  });

  test('rooms import only in the allowed directions', () => {
    const wrong = imports.filter(({ file, room, target }) => {
      if (!target.startsWith('.')) return false;
      const to = roomOf(relative(root, resolve(root, dirname(file), target)));
      return to !== room && ALLOWED[room]?.includes(to) !== true;
    });
    expect(wrong).toEqual([]);
  });

  test('only the registry imports from the folder of an agent', () => {
    const wrong = imports.filter(({ file, target }) => {
      const [, agent] =
        /\/agents\/([\w-]+)\//.exec(target) ?? /^\.\.?\/([\w-]+)\//.exec(target) ?? [];
      const path = relative(root, resolve(root, dirname(file), target));
      if (agent === undefined || !path.startsWith(`src/agents/${agent}/`)) return false;
      if (!AGENTS.includes(agent) || file.startsWith(`src/agents/${agent}/`)) return false;
      if (file === 'src/agents/registry.ts') return false;
      return agent !== 'claude-code' || !KNOWS_CLAUDE_CODE.some((place) => file.startsWith(place));
    });
    expect(wrong).toEqual([]);
  });

  test('a new agent needs its folder and its line in the registry, nothing else', () => {
    const registry = readFileSync(join(root, 'src/agents/registry.ts'), 'utf8');
    for (const agent of AGENTS) {
      // The import and the line; the bundle is made from the folder and loaded by the agent's name.
      expect(registry.split(`'./${agent}/index.ts'`)).toHaveLength(2);
      const text = readFileSync(join(root, `src/agents/${agent}/index.ts`), 'utf8');
      expect(text).toContain(`name: '${agent}'`);
    }
    const named = files.filter((file) => {
      if (AGENTS.some((agent) => file.startsWith(`src/agents/${agent}/`))) return false;
      const text = readFileSync(join(root, file), 'utf8');
      return OTHER_AGENTS.some((agent) => text.includes(`'${agent}'`));
    });
    expect(named).toEqual(NAMES_THAT_ARE_NO_AGENTS);
  });

  test('rooms use only the packages that they are for', () => {
    const wrong = imports.filter(({ room, target }) => {
      if (target.startsWith('.')) return false;
      return (
        PACKAGES[room]?.some(
          (name) =>
            target === name ||
            target.startsWith(`${name}/`) ||
            (name === 'node:' && target.startsWith(name)),
        ) !== true
      );
    });
    expect(wrong).toEqual([]);
  });

  test('zod starts with no command, and nothing of a report or a schema is in the dashboard', () => {
    const typesOnly: Record<string, RegExp> = {
      schemas: /\/reports\//,
      commands: /\/schemas\//,
      web: /\/(?:reports|schemas)\//,
    };
    const wrong = files.flatMap((file) => {
      const { [roomOf(file)]: typesOf } = typesOnly;
      const text = readFileSync(join(root, file), 'utf8');
      const values = text.match(/^(?:import|export) (?!type )[^;]*? from '\.[^']+'/gm) ?? [];
      return values
        .filter((line) => typesOf?.test(line.slice(line.lastIndexOf("'."))))
        .map((line) => `${file}: ${line}`);
    });
    expect(wrong).toEqual([]);
  });

  test('core asks no clock and no process', () => {
    const wrong = files
      .filter((file) => ['core', 'agents', 'pricing', 'query'].includes(roomOf(file)))
      .filter((file) =>
        /\bDate\.now\(|\bnew Date\(\)|\bprocess\.|\bperformance\./.test(
          readFileSync(join(root, file), 'utf8'),
        ),
      );
    expect(wrong).toEqual([]);
  });

  test('only cli.ts and the hook executables know exit codes', () => {
    const wrong = files.filter((file) =>
      /process\.exit(?:Code)?\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(wrong.sort()).toEqual([
      'hooks/record.ts',
      'hooks/statusline.ts',
      'src/cli.ts',
      'src/hook/main.ts',
      'src/statusline/main.ts',
    ]);
  });

  test('SQL stays in the store', () => {
    const sql = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) [a-z_*(]+/;
    const wrong = files.filter(
      (file) => roomOf(file) !== 'store' && sql.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  test('no file grows beyond 400 lines, no executable beyond 35', () => {
    const long = files.filter((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1;
      return lines > (roomOf(file) === 'hooks' ? 35 : 400);
    });
    expect(long).toEqual([]);
  });
});
