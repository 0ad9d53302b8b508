import { describe, expect, test } from 'vitest';
import { AGENTS, agentNamed } from '../../src/agents/registry.ts';
import { importTranscripts } from '../../src/ingest/import.ts';
import { spoolFolder } from '../../src/sources/machine/paths.ts';
import { searchPlaces } from '../../src/sources/transcripts/places.ts';
import { openLedger } from '../../src/store/connection/open.ts';
import { Spool } from '../../src/store/ingest/spool.ts';
import { placeRun } from '../helpers/agent-home.ts';
import { agentRuns } from '../helpers/agent-runs.ts';
import { fc, runs as examples } from '../helpers/fast-check.ts';
import type { Home } from '../helpers/home.ts';
import { callHook } from '../helpers/hook.ts';
import { callsOf, recordsOf, temporaryLedger, writerOf } from '../helpers/ledger.ts';

const runs = AGENTS.filter(({ name }) => name !== 'claude-code').flatMap(({ name }) =>
  agentRuns(name).map((run) => ({ agent: name, name: run.name, run })),
);

/** More of them repeat the same kinds. */
const MAX_EVENTS = 12;

/** Qwen Code's event times the tool alone, its chat also what came before it; the event's time is kept. */
function withoutDuration(call: unknown): unknown {
  return { ...(call as object), duration_ms: null };
}

function importBelow(home: Home, ledger: string): { records: unknown[]; calls: unknown[] } {
  const db = openLedger(ledger, { busyTimeoutMs: 5000 });
  try {
    const { places } = searchPlaces(AGENTS, home.env);
    importTranscripts(writerOf(db), new Spool(spoolFolder(ledger)), places);
    return { records: recordsOf(db), calls: callsOf(db).map(withoutDuration) };
  } finally {
    db.close();
  }
}

describe.skipIf(runs.length === 0)('recorded runs', () => {
  test.each(runs)(
    '$agent $name: hooks and imports in any order give the ledger of one import',
    ({ agent, run }) => {
      const { home, events } = placeRun(agent, run);
      const whole = importBelow(home, temporaryLedger().path);
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
            if (event === null) importBelow(home, ledger);
            else callHook(event, env, ['--agent', agent]);
          }
          expect(importBelow(home, ledger)).toEqual(whole);
        }),
        examples(6),
      );
    },
  );
});
