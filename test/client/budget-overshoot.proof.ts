import { expect, test } from 'vitest';
import { budget, setBudgets } from '../helpers/budgets.ts';
import { withEachClient } from './each-client.ts';
import { type Step, answer, bash, startAgent, usage, writes } from './scenario.ts';

const RUNS = 25;
const LIMIT_USD = 1;
/** Opus 4.8. */
const USD_A_TOKEN = 25e-6;

let seed = 7;

/** The same in every run of this test. */
function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
}

/** Five cents to a dollar, on streams of any pace. */
function step(content: Step['content'], isSlow = true): Step {
  const output_tokens = 2000 + Math.floor(random() * 38_000);
  const rest = { input_tokens: 0, cache_read_input_tokens: 0, ...writes(0, 0) };
  return answer(content, {
    usage: usage({ output_tokens, ...rest }),
    tailMs: isSlow ? Math.floor(random() * 4) * 60 : 0,
  });
}

const work = (name: string, isSlow = true): Step[] =>
  Array.from({ length: 60 }, (_, index) => step([bash(`echo ${name} ${index}`)], isSlow));

withEachClient((open, version) => {
  // Of a slow stream the earlier client writes a subagent's first counts, for good: nobody could tell.
  const isTold = version !== '2.1.197';

  test(`over ${RUNS} runs a cap is overshot by less than one request, and what subagents beside have on their way`, async () => {
    const overshoots: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const box = open();
      box.enforceBudgets();
      setBudgets(box.ledgerPath, budget());
      const isParallel = run % 5 === 4;
      const agents = ['a', 'b'].map((name) => startAgent(name, { run_in_background: false }));
      const { calls } = await box.run(
        isParallel
          ? { main: [step(agents), ...work('main')], a: work('a', isTold), b: work('b', isTold) }
          : { main: work('main') },
      );
      const costs = calls.map((call) => call.usage.output_tokens * USD_A_TOKEN);
      const spent = costs.reduce((sum, cost) => sum + cost, 0);
      const requests = (spent - LIMIT_USD) / Math.max(...costs);
      // The cap was reached: the work would have gone on for dozens of dollars.
      expect(requests).toBeGreaterThanOrEqual(0);
      // Beside another subagent: what that one has on its way, and a response not yet written.
      expect(requests).toBeLessThan(isParallel ? 3 : 1);
      overshoots.push(requests);
    }
    overshoots.sort((a, b) => a - b);
    const [median = 0, most = 0] = [overshoots[RUNS >> 1], overshoots.at(-1)];
    console.log(
      `${version}: overshot by ${median.toFixed(2)} of the largest request (median), ${most.toFixed(2)} at most`,
    );
  });
});
