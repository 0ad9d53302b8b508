import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../src/store/connection/open.ts';
import { budget, setBudgets } from '../helpers/budgets.ts';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { Sandbox } from './sandbox.ts';
import { type Scenario, answer, bash, usage, writes } from './scenario.ts';
import { tour } from './tour.ts';

const cliFile = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

type Hooks = Record<string, unknown[]>;

/** A server on the sandbox's machine, that reads no transcripts by itself. */
async function serve(box: Sandbox): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, [cliFile, 'serve', '--port', '0', '--no-refresh'], {
    env: box.env,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (;;) {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    said += String(chunk);
    const port = /127\.0\.0\.1:(\d+)\/\?token=/.exec(said)?.[1];
    if (port !== undefined) return { port: Number(port), child };
  }
}

/** The settings that `serve --hooks` prints, as a user would paste them. */
function printedHooks(box: Sandbox, port: number, ...more: string[]): Hooks {
  const { stdout } = spawnSync(
    process.execPath,
    [cliFile, 'serve', '--hooks', '--port', String(port), ...more],
    {
      env: box.env,
      encoding: 'utf8',
    },
  );
  return (JSON.parse(stdout) as { hooks: Hooks }).hooks;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'close');
}

/** How many events the ledger was told of. */
function eventCount(box: Sandbox): number {
  const db = openLedger(box.ledgerPath, { busyTimeoutMs: 5000 });
  try {
    return db.prepare('SELECT count(*) FROM hook_events').pluck().get() as number;
  } finally {
    db.close();
  }
}

withEachClient((open) => {
  test('HTTP hooks alone leave what command hooks leave', async () => {
    const byCommand = open();
    const { result: told } = await byCommand.run(tour(byCommand));
    const wanted = audit(byCommand, { said: [told.modelUsage] });
    expect(wanted.held).toEqual(wanted.due);
    const box = open();
    const { port, child } = await serve(box);
    const hooks = printedHooks(box, port);
    box.registerHooks({ hooks });
    const { result } = await box.run(tour(box));
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
    expect(held.live.records).toHaveLength(wanted.held.live.records.length);
    // By the server: no command was registered.
    expect(eventCount(box)).toBeGreaterThan(5);
    await end(child);
  });

  test('both at once count once', async () => {
    const box = open();
    const { port, child } = await serve(box);
    const byCommand = box.registeredHooks();
    const http = printedHooks(box, port);
    const both = Object.entries(byCommand).map(([event, groups]) => [
      event,
      [...groups, ...(http[event] ?? [])],
    ]);
    box.registerHooks({ hooks: Object.fromEntries(both) as Hooks });
    const { result } = await box.run(tour(box));
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
    expect(eventCount(box)).toBeGreaterThan(15);
    await end(child);
  });

  test('a spent budget ends the turn and refuses the next prompt', async () => {
    const box = open();
    const { port, child } = await serve(box);
    box.registerHooks({ hooks: printedHooks(box, port, '--budgets') });
    setBudgets(box.ledgerPath, budget());
    // Opus 4.8: half a dollar each.
    const dear = usage({
      input_tokens: 0,
      output_tokens: 20_000,
      cache_read_input_tokens: 0,
      ...writes(0, 0),
    });
    const work = (): Scenario => ({
      main: Array.from({ length: 5 }, (_, index) =>
        answer([bash(`echo ${index}`)], { usage: dear }),
      ),
    });
    const first = await box.run(work());
    expect(first.calls).toHaveLength(2);
    const refused = await box.run(work(), { args: ['--resume', first.result.session_id] });
    expect(refused.calls).toHaveLength(0);
    expect(refused.result.result).toContain('Budget cap has reached its limit: $1.00 of $1.00');
    expect(box.printed).toBe('');
    await end(child);
  });
});
