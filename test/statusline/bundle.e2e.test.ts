import { expect, test } from 'vitest';
import { Bundle } from '../helpers/program/bundle.ts';

const bundle = new Bundle('statusline');

test('the statusline loads what it is known to load', () => {
  expect(bundle.modules()).toMatchInlineSnapshot(`
    [
      "package:better-sqlite3",
      "src/agents/claude-code/folders.ts",
      "src/agents/claude-code/status.ts",
      "src/budgets/effective.ts",
      "src/budgets/evaluate.ts",
      "src/budgets/scope.ts",
      "src/core/alert/alert.ts",
      "src/core/alert/channels.ts",
      "src/core/alert/quiet-hours.ts",
      "src/core/budget/budget.ts",
      "src/core/budget/environment.ts",
      "src/core/budget/spec.ts",
      "src/core/budget/spend.ts",
      "src/core/client/names.ts",
      "src/core/client/titles.generated.ts",
      "src/core/lang/json.ts",
      "src/core/lang/message-of.ts",
      "src/core/lang/printable.ts",
      "src/core/model/model-name.ts",
      "src/core/money/exact-usd.ts",
      "src/core/money/money.ts",
      "src/core/project-name.ts",
      "src/core/settings/alert-kinds.ts",
      "src/core/settings/kinds.ts",
      "src/core/settings/price-rules.ts",
      "src/core/settings/resolve.ts",
      "src/core/settings/setting.ts",
      "src/core/settings/table.ts",
      "src/core/ticket-pattern.ts",
      "src/core/time/period.ts",
      "src/files/read-bounded.ts",
      "src/pricing/price-table.ts",
      "src/pricing/unpriced.ts",
      "src/render/text/number-format.ts",
      "src/render/text/style.ts",
      "src/sources/files/stdin.ts",
      "src/sources/machine/diagnostics.ts",
      "src/sources/machine/git-branch.ts",
      "src/sources/machine/paths.ts",
      "src/sources/machine/project.ts",
      "src/sources/machine/user-zone.ts",
      "src/sources/settings/budgets.ts",
      "src/sources/settings/file.ts",
      "src/sources/settings/project-file.ts",
      "src/sources/settings/recording-switch.ts",
      "src/sources/settings/strip-comments.ts",
      "src/statusline/budget.ts",
      "src/statusline/compose.ts",
      "src/statusline/facts.ts",
      "src/statusline/glyphs.ts",
      "src/statusline/has-changed.ts",
      "src/statusline/main.ts",
      "src/statusline/run.ts",
      "src/statusline/template.ts",
      "src/statusline/values.ts",
      "src/statusline/wrapped-command.ts",
      "src/store/budgets/reader.ts",
      "src/store/budgets/spend.ts",
      "src/store/client/fork-baseline.ts",
      "src/store/client/reported-totals-sql.ts",
      "src/store/client/reported-totals.ts",
      "src/store/client/status-baseline.ts",
      "src/store/client/status.ts",
      "src/store/client/unattributed-spend.ts",
      "src/store/connection/open.ts",
      "src/store/connection/prepared.ts",
      "src/store/connection/private-files.ts",
      "src/store/connection/sqlite.ts",
      "src/store/migrations/agent-files.ts",
      "src/store/migrations/branches.ts",
      "src/store/migrations/client-baseline.ts",
      "src/store/migrations/first/booking.ts",
      "src/store/migrations/first/budgets.ts",
      "src/store/migrations/first/client.ts",
      "src/store/migrations/first/index.ts",
      "src/store/migrations/first/records.ts",
      "src/store/migrations/first/rollups.ts",
      "src/store/migrations/first/sessions.ts",
      "src/store/migrations/first/tools.ts",
      "src/store/migrations/index.ts",
      "src/store/migrations/loose-folders.ts",
      "src/store/migrations/merged-projects.ts",
      "src/store/migrations/message-counts.ts",
      "src/store/migrations/unmetered-requests.ts",
      "src/store/rollups/conditions.ts",
      "src/store/rollups/grains.ts",
      "src/store/rollups/measures.ts",
      "src/store/rollups/range.ts",
      "src/store/rollups/scopes.ts",
      "src/store/sessions/projects.ts",
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
  // the tables of alerts, 2,900 the upgrades of the ledger, 2,400 the baseline of a session in a running
  // client, 1,100 the user's aliases of models.
  expect(bundle.sizes().main).toBeLessThan(95_500);
  // Its code cache is verified before V8 has it.
  expect(bundle.sizes().start).toBeLessThan(2800);
});

test('the statusline has a code cache for the Node that built it, and V8 takes it', () => {
  expect(bundle.isCacheTaken()).toBe(true);
});
