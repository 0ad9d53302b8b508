import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { closedEnvironment } from '../helpers/hook.ts';
import { hookFile } from '../helpers/program/run.ts';
import { temporaryFolder } from '../helpers/ledger.ts';
import { readJson, sharedFolder } from '../helpers/shared.ts';

const lab = process.env['TALLYHOOK_TEST_LAB'] === '1' ? sharedFolder('lab') : null;
if (lab === null) {
  console.log(
    'skipped: the real client in ../shared/lab runs where TALLYHOOK_TEST_LAB=1 asks for it',
  );
}

const root = fileURLToPath(new URL('../../', import.meta.url));

interface ClientModel {
  inputTokens: number;
  outputTokens: number;
  cacheReadInputTokens: number;
  cacheCreationEphemeral5mInputTokens: number;
  cacheCreationEphemeral1hInputTokens: number;
  webSearchRequests: number;
  costUSD: number;
}

interface Settings {
  hooks: Record<string, unknown>;
}

interface Summary {
  totals: { costUsd: number };
  groups: { key: { model: string }; costUsd: number; [count: string]: unknown }[];
  unattributedCostNanoUsd: number;
}

/** Runs the tour in the real client with some of the example's hooks; what both say of it. */
function tour(events: (name: string) => boolean): {
  client: Record<string, ClientModel>;
  summary: Summary;
} {
  const dir = temporaryFolder();
  const ledger = join(dir, 'ledger', 'telemetry.db');
  const example = readJson<Settings>(`${root}settings.example.json`);
  const hooks = Object.fromEntries(Object.entries(example.hooks).filter(([name]) => events(name)));
  const command = `TELEMETRY_DB_PATH=${ledger} ${process.execPath} ${hookFile}`;
  const settings = JSON.stringify({ hooks }).replaceAll(
    '"tallyhook-hook"',
    JSON.stringify(command),
  );
  writeFileSync(join(dir, 'settings.json'), settings);
  const client = spawnSync(
    process.execPath,
    [
      join(lab ?? '', 'run-client.mjs'),
      join(lab ?? '', 'scenarios/tour.json'),
      '--dir',
      dir,
      '--settings',
      join(dir, 'settings.json'),
    ],
    { encoding: 'utf8' },
  );
  expect(client.stderr).toBe('');
  const env = { HOME: join(dir, 'home'), TELEMETRY_DB_PATH: ledger };
  const summary = spawnSync(
    process.execPath,
    [`${root}dist/cli.cjs`, 'summary', '--session', 'last', '--by', 'model', '--json'],
    { encoding: 'utf8', env: closedEnvironment(env) },
  );
  expect(summary.stderr).toBe('');
  return {
    client: (
      JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')) as {
        modelUsage: Record<string, ClientModel>;
      }
    ).modelUsage,
    summary: JSON.parse(summary.stdout) as Summary,
  };
}

describe.skipIf(lab === null)('the tour in the real client', () => {
  test.each([
    ['all hooks of settings.example.json', () => true],
    ['PostToolUse alone', (name: string) => name === 'PostToolUse'],
  ])('%s: equal to the client to the last digit', { timeout: 600_000 }, (_name, events) => {
    const { client, summary } = tour(events);
    const models = Object.entries(client);
    expect(models.length).toBeGreaterThan(0);
    expect(summary.groups.map((group) => group.key.model).sort()).toEqual(
      models.map(([name]) => name).sort(),
    );
    for (const [name, said] of models) {
      const group = summary.groups.find((one) => one.key.model === name);
      expect(group?.costUsd).toBeCloseTo(said.costUSD, 9);
      expect(group).toMatchObject({
        inputTokens: said.inputTokens,
        outputTokens: said.outputTokens,
        cacheReadTokens: said.cacheReadInputTokens,
        cacheWrite5mTokens: said.cacheCreationEphemeral5mInputTokens,
        cacheWrite1hTokens: said.cacheCreationEphemeral1hInputTokens,
        webSearchRequests: said.webSearchRequests,
        incompleteRequests: 0,
      });
    }
    expect(summary.unattributedCostNanoUsd).toBe(0);
  });
});
