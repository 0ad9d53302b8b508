import { expect, test } from 'vitest';
import { Bundle } from '../helpers/bundle.ts';

const bundle = new Bundle('statusline');

test('the statusline loads what it is known to load', () => {
  expect(bundle.modules()).toMatchInlineSnapshot(`
    [
      "package:better-sqlite3",
      "src/agents/claude-code/status.ts",
      "src/core/alert.ts",
      "src/core/budget-environment.ts",
      "src/core/budget-spec.ts",
      "src/core/budget.ts",
      "src/core/exact-usd.ts",
      "src/core/json.ts",
      "src/core/message-of.ts",
      "src/core/model-name.ts",
      "src/core/money.ts",
      "src/core/period.ts",
      "src/core/price-table.ts",
      "src/core/printable.ts",
      "src/core/quiet-hours.ts",
      "src/core/settings/kinds.ts",
      "src/core/settings/price-rules.ts",
      "src/core/settings/resolve.ts",
      "src/core/settings/table.ts",
      "src/core/spend.ts",
      "src/core/unpriced.ts",
      "src/files/read-bounded.ts",
      "src/ingest/budget-states.ts",
      "src/ingest/effective-budgets.ts",
      "src/render/format.ts",
      "src/render/style.ts",
      "src/sources/diagnostics.ts",
      "src/sources/git-branch.ts",
      "src/sources/paths.ts",
      "src/sources/project-file.ts",
      "src/sources/project.ts",
      "src/sources/recording-switch.ts",
      "src/sources/settings-budgets.ts",
      "src/sources/settings-file.ts",
      "src/sources/stdin.ts",
      "src/sources/strip-comments.ts",
      "src/sources/user-zone.ts",
      "src/statusline/budget.ts",
      "src/statusline/compose.ts",
      "src/statusline/facts.ts",
      "src/statusline/main.ts",
      "src/statusline/news.ts",
      "src/statusline/other.ts",
      "src/statusline/run.ts",
      "src/statusline/template.ts",
      "src/statusline/values.ts",
      "src/store/budget-reader.ts",
      "src/store/budget-spend.ts",
      "src/store/client-excess.ts",
      "src/store/client-word-sql.ts",
      "src/store/client-words.ts",
      "src/store/fork-baseline.ts",
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
      "src/store/prepared.ts",
      "src/store/private-files.ts",
      "src/store/rollup-conditions.ts",
      "src/store/rollup-range.ts",
      "src/store/rollup-scopes.ts",
      "src/store/sqlite.ts",
      "src/store/status-ledger.ts",
    ]
  `);
});

test('of Node the statusline loads these modules', () => {
  expect(bundle.nodeModules()).toMatchInlineSnapshot(`
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

test('the statusline stays small', () => {
  // Bytes, minified: each is read at every update of the client's screen. 5,000 are the settings and
  // the tables of alerts.
  expect(bundle.sizes().main).toBeLessThan(86_000);
  // Its code cache is verified before V8 has it.
  expect(bundle.sizes().start).toBeLessThan(2800);
});

test('the statusline has a code cache for the Node that built it, and V8 takes it', () => {
  expect(bundle.isCacheTaken()).toBe(true);
});
