import { expect, test } from 'vitest';
import { outboxOf, until } from '../helpers/alerts.ts';
import { alerts, budget, setBudgets } from '../helpers/budgets.ts';
import { httpReceiver } from '../helpers/receivers.ts';
import { withEachClient } from './each-client.ts';
import { type Step, answer, bash, usage, writes } from './scenario.ts';

/** Opus 4.8: half a dollar. */
const cost = {
  usage: usage({
    input_tokens: 0,
    output_tokens: 20_000,
    cache_read_input_tokens: 0,
    ...writes(0, 0),
  }),
};
const work = (name: string): Step[] =>
  Array.from({ length: 3 }, (_, index) => answer([bash(`echo ${name} ${index}`)], cost));

withEachClient((open) => {
  test('two sessions at once cross one budget: each level arrives once, and the session hears nothing of it', async () => {
    const receiver = await httpReceiver();
    const box = open();
    box.env['TALLYHOOK_WEBHOOK_URL'] = `http://127.0.0.1:${receiver.port}/`;
    setBudgets(
      box.ledgerPath,
      budget({ limitNanoUsd: 1_300_000_000, per: 'total', action: 'warn' }),
    );
    // The receiver is down while they work.
    await receiver.be('fails');
    const runs = await Promise.all([
      box.run({ main: work('one') }),
      box.run({ main: work('two') }),
    ]);
    const kept = alerts(box.ledgerPath);
    expect(kept.at(-1)).toBe('cap over');
    expect(new Set(kept).size).toBe(kept.length);
    await until(() => outboxOf(box.ledgerPath).some(({ attempts }) => attempts > 0), 'it is tried');
    await receiver.be('none');
    await until(
      () => outboxOf(box.ledgerPath).every(({ state }) => state === 'sent'),
      'all is sent',
    );
    const taken = receiver.arrivals.filter(({ isTaken }) => isTaken);
    expect(taken.map(({ body }) => (JSON.parse(body) as { number: number }).number)).toEqual(
      kept.map((_, at) => at + 1),
    );
    expect(box.printed).toBe('');
    const seen = runs.flatMap(({ calls }) => calls.map(({ body }) => body)).join('\n');
    expect(seen).not.toMatch(/webhook|answered 500/);
  });
});
