import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  bin: Record<string, string>;
};

/** What `npm pack` would put into the package, nothing built anew. */
function packed(): string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [pack] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as {
    files: { path: string }[];
  }[];
  return (pack?.files ?? []).map(({ path }) => path);
}

describe('the npm package', () => {
  const files = packed();

  test('holds what is needed, and nothing else', () => {
    const others = files.filter(
      (path) => !/^(?:schemas\/|fixtures\/demo\/|dist\/web\/)/.test(path),
    );
    expect(others.toSorted()).toMatchInlineSnapshot(`
      [
        ".claude-plugin/marketplace.json",
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "dist/THIRD-PARTY-NOTICES.md",
        "dist/catalog.txt",
        "dist/cli-main.cjs",
        "dist/cli.cjs",
        "dist/hooks/agents/cline.cjs",
        "dist/hooks/agents/codex.cjs",
        "dist/hooks/agents/copilot.cjs",
        "dist/hooks/agents/droid.cjs",
        "dist/hooks/agents/gemini.cjs",
        "dist/hooks/agents/opencode.cjs",
        "dist/hooks/agents/pi.cjs",
        "dist/hooks/agents/qwen.cjs",
        "dist/hooks/record-main.cjs",
        "dist/hooks/record.cjs",
        "dist/hooks/statusline-main.cjs",
        "dist/hooks/statusline.cjs",
        "dist/scan-worker.cjs",
        "dist/server-worker.cjs",
        "dist/server.cjs",
        "docs/agents.md",
        "docs/alerts.md",
        "docs/anomaly-scoring.md",
        "docs/api.md",
        "docs/attribution.md",
        "docs/budgets.md",
        "docs/commands.md",
        "docs/coverage.md",
        "docs/dashboard.md",
        "docs/install.md",
        "docs/price-table.md",
        "docs/pricing.md",
        "docs/reports.md",
        "docs/settings.md",
        "docs/statusline.md",
        "docs/troubleshooting.md",
        "package.json",
        "plugin/.claude-plugin/plugin.json",
        "plugin/README.md",
        "plugin/hooks/hooks.json",
        "plugin/record.sh",
        "scripts/demo.mjs",
        "settings.example.json",
      ]
    `);
    expect(
      files.filter((path) => /\.(?:ts|cache|map|built-from)$|-meta\.json$/.test(path)),
    ).toEqual([]);
  });

  test('has every program that it names', () => {
    expect(Object.values(manifest.bin).filter((path) => !files.includes(path))).toEqual([]);
  });

  test('has every file that its README links to and a user would follow', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\(((?!https?:|#)[^)#]+)/g)].map(([, path = '']) => path);
    // Pictures are shown where the repository is.
    const followed = links.filter((path) => !path.endsWith('.png'));
    const missing = followed.filter((path) => !files.some((file) => file.startsWith(path)));
    // For people who change tallyhook: to be read in its repository.
    expect(missing).toEqual(['CONTRIBUTING.md']);
  });

  test('installs what its programs load, and no more', () => {
    const programs = readdirSync(join(root, 'dist'), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.cjs'));
    const asked = programs.flatMap((name) => {
      const text = readFileSync(join(root, 'dist', name), 'utf8');
      // Whatever of them is in a bundle says `require` by another name.
      const names = [...text.matchAll(/\b(?:require|import|[\w$]+\.resolve)\("([^"./][^"]*)"\)/g)];
      return names.map(([, name = '']) => name.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1'));
    });
    const outside = new Set(asked.filter((name) => !name.startsWith('node:')));
    for (const name of builtinModules) outside.delete(name);
    // better-sqlite3 12 asks for it only where it is not told which file its addon is.
    outside.delete('bindings');
    expect([...outside]).toEqual(Object.keys(manifest.dependencies));
    // By the name that it is given: `${name}/package.json` is looked for.
    const text = readFileSync(join(root, 'dist/hooks/record-main.cjs'), 'utf8');
    const named = [...text.matchAll(/"(better-sqlite3[a-z-]*)"/g)].map(([, name]) => name);
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(manifest.optionalDependencies));
  });
});
