import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cliFile } from '../helpers/program/run.ts';
import { query } from '../helpers/home.ts';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { Sandbox } from './sandbox.ts';
import { type Scenario, answer, bash, say, startAgent } from './scenario.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function session(): Scenario {
  return {
    main: [
      answer([say('Looking.'), bash('ls'), bash('echo hi')]),
      answer([startAgent('reader')]),
      answer([say('Done.')]),
    ],
    reader: [answer([bash('echo two')]), answer([say('Read.')])],
  };
}

/** Installs the plugin from the checkout, as a user does. */
function installPlugin(box: Sandbox): void {
  // Its verdict is its exit code.
  const run = (...args: string[]): string =>
    execFileSync(box.client, ['plugin', ...args], { env: box.env, encoding: 'utf8' });
  if (box.version !== '2.1.197') run('validate', join(root, 'plugin'));
  run('marketplace', 'add', root);
  run('install', 'tallyhook@tallyhook');
}

const settingsPath = (box: Sandbox): string => join(box.env['HOME'] ?? '', '.claude/settings.json');

function doctor(box: Sandbox): string {
  try {
    const options = { env: box.env, encoding: 'utf8', cwd: box.project } as const;
    return execFileSync(process.execPath, [cliFile, 'doctor'], options);
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

const eventCount = (box: Sandbox): number =>
  query<{ n: number }>(box.ledgerPath, 'SELECT count(*) AS n FROM hook_events')[0]?.n ?? 0;

withEachClient((open) => {
  test('the plugin alone, from an empty home', async () => {
    const box = open([]);
    writeFileSync(settingsPath(box), '{}');
    installPlugin(box);
    const { result } = await box.run(session());
    expect(eventCount(box)).toBeGreaterThan(4);
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
    const report = doctor(box);
    expect(report).toMatch(/^ok +hooks +for 6 events, from the plugin tallyhook@tallyhook$/m);
    expect(report).not.toMatch(/^FAIL/m);
  });

  test('the plugin beside init: nothing is counted twice, and doctor says so', async () => {
    const box = open([]);
    mkdirSync(join(box.env['HOME'] ?? '', '.claude'), { recursive: true });
    writeFileSync(settingsPath(box), '{}');
    execFileSync(process.execPath, [cliFile, 'init', '--yes'], { env: box.env });
    installPlugin(box);
    const text = readFileSync(settingsPath(box), 'utf8');
    expect(text).toContain('record.cjs');
    expect(text).toContain('tallyhook@tallyhook');
    const { result } = await box.run(session());
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
    expect(doctor(box)).toMatch(
      /^FAIL  hooks +registered twice, in .*settings\.json and the plugin tallyhook@tallyhook: PostToolUse/m,
    );
  });
});
