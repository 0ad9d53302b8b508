import { describe, expect, test } from 'vitest';
import { ledgerRequests } from '../helpers/agent-home.ts';
import { sumRequests } from '../helpers/agent-exceptions.ts';
import { fc, runs } from '../helpers/fast-check.ts';
import { temporaryHome } from '../helpers/home.ts';
import { callHook } from '../helpers/hook.ts';
import { importAgents } from '../helpers/import-agents.ts';
import { temporaryLedger } from '../helpers/ledger.ts';
import { GROWING, type GrowingSession, droid, droidTotals } from './growing-sessions.ts';

type Look = 'hook' | 'import' | 'none';

const arbitraryLooks = fc.array(fc.constantFrom<Look>('hook', 'hook', 'import', 'none'), {
  minLength: 16,
  maxLength: 16,
});

/** Grows a session step by step, with a look at it after each. */
function grow(session: GrowingSession, looks: readonly Look[], look: (how: Look) => void): void {
  session.steps.forEach((step, index) => {
    step();
    look(looks[index % looks.length] ?? 'none');
  });
}

describe('a session that grows between hooks and imports', () => {
  test.each(Object.entries(GROWING))('%s: the ledger of one import at the end', (_name, start) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 }),
        arbitraryLooks,
        (turns, cuts, looks) => {
          const home = temporaryHome();
          const ledger = temporaryLedger().path;
          const env = { ...home.env, TELEMETRY_DB_PATH: ledger };
          const cut = (length: number) => cuts.map((share) => Math.floor(share * length));
          const session = start(home.folder, turns, cut);
          grow(session, looks, (how) => {
            if (how === 'hook') callHook(session.event, env, ['--agent', session.agent]);
            if (how === 'import') importAgents(home, ledger);
          });
          callHook(session.event, env, ['--agent', session.agent]);
          const whole = importAgents(home, temporaryLedger().path);
          expect(whole.records).toHaveLength(turns);
          const seen = ledgerRequests(ledger);
          expect(importAgents(home, ledger)).toEqual(whole);
          // The last hook had read everything.
          expect(ledgerRequests(ledger)).toEqual(seen);
          session.close();
        },
      ),
      runs(8),
    );
  });

  test('counters: one record for each rise that was seen, and together the counters', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), arbitraryLooks, (turns, looks) => {
        const home = temporaryHome();
        const ledger = temporaryLedger().path;
        const env = { ...home.env, TELEMETRY_DB_PATH: ledger };
        const session = droid(home.folder, turns, () => []);
        let looked = 0;
        grow(session, looks, (how) => {
          if (how === 'hook') callHook(session.event, env, ['--agent', 'droid']);
          if (how === 'import') importAgents(home, ledger);
          if (how !== 'none') looked++;
        });
        const isLastSeen = looks[turns - 1] !== 'none';
        const { records } = importAgents(home, ledger);
        expect(records).toHaveLength(isLastSeen ? looked : looked + 1);
        for (const record of records) {
          expect(record).toMatchObject({ metadata: expect.stringContaining('"isCounter":true') });
        }
        const totals = droidTotals(turns);
        expect(sumRequests(ledgerRequests(ledger))).toMatchObject({
          input: totals['inputTokens'],
          output: totals['outputTokens'],
          cacheRead: totals['cacheReadTokens'],
          cacheWrite: totals['cacheCreationTokens'],
        });
      }),
      runs(8),
    );
  });
});
