import { describe, expect, test } from 'vitest';
import { AGENTS, agentNamed } from '../../src/agents/registry.ts';
import { placeRun } from '../helpers/agent-home.ts';
import { agentRuns } from '../helpers/agent-runs.ts';
import { fc, runs as examples } from '../helpers/fast-check.ts';
import { callHook } from '../helpers/hook.ts';
import { importAgents } from '../helpers/import-agents.ts';
import { temporaryLedger } from '../helpers/ledger.ts';

const runs = AGENTS.filter(({ name }) => name !== 'claude-code').flatMap(({ name }) =>
  agentRuns(name).map((run) => ({ agent: name, name: run.name, run })),
);

/** More of them repeat the same kinds. */
const MAX_EVENTS = 12;

describe.skipIf(runs.length === 0)('recorded runs', () => {
  test.each(runs)(
    '$agent $name: hooks and imports in any order give the ledger of one import',
    ({ agent, run }) => {
      const { home, events } = placeRun(agent, run);
      const whole = importAgents(home, temporaryLedger().path);
      const recorded = events.filter(
        (text) => agentNamed(agent)?.parseEvent(text).kind === 'event',
      );
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...recorded) },
        { weight: 1, arbitrary: fc.constant(null) },
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: MAX_EVENTS }), (steps) => {
          const ledger = temporaryLedger().path;
          const env = { ...home.env, TELEMETRY_DB_PATH: ledger };
          for (const event of steps) {
            if (event === null) importAgents(home, ledger);
            else callHook(event, env, ['--agent', agent]);
          }
          expect(importAgents(home, ledger)).toEqual(whole);
        }),
        examples(6),
      );
    },
  );
});
