import { readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/hooks/', import.meta.url));

interface Meta {
  outputs: Record<string, { inputs: Record<string, unknown>; imports: { path: string }[] }>;
}

const meta = JSON.parse(readFileSync(`${dist}record-meta.json`, 'utf8')) as Meta;
const output = meta.outputs['dist/hooks/record-main.cjs'];

test('the hook loads what it is known to load', () => {
  const inputs = Object.keys(output?.inputs ?? {}).map((path) =>
    // Of a package only that it is there: its files are its own business.
    path.replace(
      /^node_modules\/((?:@[^/]+\/)?[^/]+)\/(?:.*\/)?(mini|classic|v3|v4)?\/?.*$/,
      'package:$1',
    ),
  );
  expect([...new Set(inputs)].sort()).toMatchInlineSnapshot(`
    [
      "package:better-sqlite3",
      "src/agents/agent.ts",
      "src/agents/claude-code/answer.ts",
      "src/agents/claude-code/event.ts",
      "src/agents/claude-code/index.ts",
      "src/agents/claude-code/pieces.ts",
      "src/agents/claude-code/tool-calls.ts",
      "src/agents/claude-code/transcript.ts",
      "src/agents/claude-code/tree.ts",
      "src/agents/claude-code/wire.ts",
      "src/core/alert.ts",
      "src/core/attribute/split.ts",
      "src/core/attribute/step.ts",
      "src/core/attribute/trace.ts",
      "src/core/budget-command.ts",
      "src/core/budget-environment.ts",
      "src/core/budget-spec.ts",
      "src/core/budget.ts",
      "src/core/cost-parts.ts",
      "src/core/cost-record.ts",
      "src/core/estimate-tokens.ts",
      "src/core/exact-usd.ts",
      "src/core/extract/agents.ts",
      "src/core/extract/extraction.ts",
      "src/core/extract/extractor.ts",
      "src/core/extract/repeated-line.ts",
      "src/core/extract/request-lines.ts",
      "src/core/fingerprint.ts",
      "src/core/identity.ts",
      "src/core/json.ts",
      "src/core/lookup-price.ts",
      "src/core/message-of.ts",
      "src/core/model-name.ts",
      "src/core/money.ts",
      "src/core/parse-usage.ts",
      "src/core/payload-usage.ts",
      "src/core/period.ts",
      "src/core/price-environment.ts",
      "src/core/price-file.ts",
      "src/core/price-overrides.ts",
      "src/core/price-table.ts",
      "src/core/price.ts",
      "src/core/priced.ts",
      "src/core/provider-names.ts",
      "src/core/quiet-hours.ts",
      "src/core/settings/kinds.ts",
      "src/core/settings/resolve.ts",
      "src/core/settings/table.ts",
      "src/core/spend.ts",
      "src/core/thread.ts",
      "src/core/unpriced.ts",
      "src/core/usage-shapes/camel-case.ts",
      "src/core/usage-shapes/charged.ts",
      "src/core/usage-shapes/counts.ts",
      "src/core/usage-shapes/gemini.ts",
      "src/core/usage-shapes/openai.ts",
      "src/core/usage-shapes/other.ts",
      "src/core/usage-shapes/parse.ts",
      "src/hook/budget-guard.ts",
      "src/hook/budget-scope.ts",
      "src/hook/budget-words.ts",
      "src/hook/detached.ts",
      "src/hook/event-write.ts",
      "src/hook/hook-ledger.ts",
      "src/hook/limits.ts",
      "src/hook/main.ts",
      "src/hook/payload-record.ts",
      "src/hook/prompt-warning.ts",
      "src/hook/recorder.ts",
      "src/hook/run.ts",
      "src/hook/session-export.ts",
      "src/ingest/budget-alert.ts",
      "src/ingest/budget-states.ts",
      "src/ingest/collect.ts",
      "src/ingest/drain.ts",
      "src/ingest/effective-budgets.ts",
      "src/ingest/effective-prices.ts",
      "src/ingest/read-batch.ts",
      "src/pricing/aliases.ts",
      "src/pricing/catalog.ts",
      "src/pricing/claude.ts",
      "src/pricing/table.generated.ts",
      "src/pricing/table.ts",
      "src/render/budget-notice.ts",
      "src/render/format.ts",
      "src/sources/diagnostics.ts",
      "src/sources/git-branch.ts",
      "src/sources/paths.ts",
      "src/sources/price-files.ts",
      "src/sources/project-file.ts",
      "src/sources/project.ts",
      "src/sources/recording-switch.ts",
      "src/sources/settings-budgets.ts",
      "src/sources/settings-file.ts",
      "src/sources/stdin.ts",
      "src/sources/transcript-file.ts",
      "src/sources/transcript-tree.ts",
      "src/sources/user-zone.ts",
      "src/store/agent-writer.ts",
      "src/store/alert-writer.ts",
      "src/store/budget-reader.ts",
      "src/store/budget-spend.ts",
      "src/store/client-excess.ts",
      "src/store/client-word-sql.ts",
      "src/store/client-words.ts",
      "src/store/fail-closed-file.ts",
      "src/store/fork-baseline.ts",
      "src/store/holder-writer.ts",
      "src/store/last-requests.ts",
      "src/store/lazy-statement.ts",
      "src/store/measures.ts",
      "src/store/migrations/001-ledger.ts",
      "src/store/migrations/002-repricing.ts",
      "src/store/migrations/003-client-status.ts",
      "src/store/migrations/004-session-times.ts",
      "src/store/migrations/005-budgets.ts",
      "src/store/migrations/006-attribution.ts",
      "src/store/migrations/007-coverage.ts",
      "src/store/migrations/008-alerts.ts",
      "src/store/migrations/booking.ts",
      "src/store/migrations/index.ts",
      "src/store/open.ts",
      "src/store/payload-rows.ts",
      "src/store/prepared.ts",
      "src/store/price-precedence.ts",
      "src/store/private-files.ts",
      "src/store/project-writer.ts",
      "src/store/record-rows.ts",
      "src/store/record-writer.ts",
      "src/store/replay-writer.ts",
      "src/store/rollup-conditions.ts",
      "src/store/rollup-range.ts",
      "src/store/rollup-scopes.ts",
      "src/store/rollup.ts",
      "src/store/rows.ts",
      "src/store/sender-wanted.ts",
      "src/store/spool.ts",
      "src/store/sqlite.ts",
      "src/store/step-writer.ts",
      "src/store/tool-writer.ts",
      "src/store/writer.ts",
    ]
  `);
});

test('the hook leaves out zod, yargs and everything that colours or draws', () => {
  const inputs = Object.keys(output?.inputs ?? {}).join('\n');
  expect(inputs).not.toMatch(
    /zod|yargs|chokidar|tokenx|src\/(?:render\/(?!format|budget-notice)|alerts|reports|commands)\//,
  );
});

test('of Node the hook loads these modules', () => {
  const modules = (output?.imports ?? []).map(({ path }) => path);
  expect([...new Set(modules)].sort()).toMatchInlineSnapshot(`
    [
      "bindings",
      "fs",
      "node:fs",
      "node:module",
      "node:os",
      "node:path",
      "path",
      "util",
    ]
  `);
});

test('the hook stays small', () => {
  // Bytes, minified: each is read at every tool call. 16,000 are the prices of other providers and
  // the names that lead to them, 3,000 the settings, 30,000 budgets,
  // 6,000 attribution, 8,000 alerts and what tells of coverage.
  expect(statSync(`${dist}record-main.cjs`).size).toBeLessThan(188_000);
  expect(statSync(`${dist}record.cjs`).size).toBeLessThan(1000);
});

test('the hook has a code cache for the Node that built it, and V8 takes it', () => {
  const name = readdirSync(dist).find(
    (file) =>
      file.startsWith('record-main-') && file.endsWith(`${process.version}-${process.arch}.cache`),
  );
  const script = new Script(readFileSync(`${dist}record-main.cjs`, 'latin1'), {
    filename: `${dist}record-main.cjs`,
    cachedData: readFileSync(`${dist}${name}`),
  });
  expect(script.cachedDataRejected).toBe(false);
});
