import { expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { append, prompt, request, transcriptPath } from '../helpers/lines.ts';
import { good, statusOf } from '../helpers/program/budgets.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { statusline } from '../helpers/program/statusline.ts';

const DAY = 86_400_000;

function event(home: Home, session: string, name: string, extra: object = {}): string {
  const path = transcriptPath(home, session);
  const common = { session_id: session, transcript_path: path, cwd: '/home/user/shop' };
  return hook(home, { ...common, hook_event_name: name, ...extra }).stdout;
}

/** A line of a client that has run for days. */
function show(home: Home, session: string, usd: number, afterMs: number): string {
  const cost = {
    total_cost_usd: usd,
    total_duration_ms: 4 * DAY + afterMs,
    total_api_duration_ms: Math.round(usd * 100_000),
  };
  return statusline(home, { session_id: session, cwd: '/home/user/shop', cost }).stdout;
}

/** Requests of a session; 200,000 output tokens cost $5, 1200 cost $0.03. */
function spend(home: Home, session: string, id: string, output: number, agoMs: number): void {
  const at = new Date(Date.now() - agoMs).toISOString();
  const facts = { session, id, at, input: 0, output };
  append(transcriptPath(home, session), prompt(session, at), request(facts));
}

test.each(['clear', 'resume'])('a session after /%s does not spend what another did', (source) => {
  const home = temporaryHome();
  good(home, 'set each --limit 6 --per session --action stop');
  good(home, 'set all --limit 7 --per total --action stop');
  if (source === 'resume') {
    spend(home, 'b', 'old', 4000, 3 * DAY);
    event(home, 'b', 'Stop');
  }
  const had = source === 'resume' ? 0.1 : 0;
  event(home, 'a', 'SessionStart', { source: 'startup' });
  spend(home, 'a', 'm1', 200_000, 60_000);
  event(home, 'a', 'Stop');
  expect(show(home, 'a', 5, 0)).toContain('$5.00 session');
  event(home, 'a', 'SessionEnd', { reason: source });
  event(home, 'b', 'SessionStart', { source });
  expect(show(home, 'b', 5, 1000)).toContain(`$${had.toFixed(2)} session`);
  spend(home, 'b', 'm2', 1200, 1000);
  event(home, 'b', 'Stop');
  expect(show(home, 'b', 5.03, 90_000)).toContain(`$${(had + 0.03).toFixed(2)} session`);
  const spent = Math.round((had + 0.03) * 1e9);
  expect(statusOf(home, 'each')).toMatchObject({ spentNanoUsd: spent });
  expect(statusOf(home, 'all')).toMatchObject({ spentNanoUsd: 5e9 + spent });
  expect(event(home, 'b', 'UserPromptSubmit', { prompt: 'hi' })).not.toContain('block');
  expect(cli(home, ['coverage', '--session', 'b']).stdout).toContain('$0.00 not recorded');
});

test('the status line never shows less for a session than is recorded', () => {
  const home = temporaryHome();
  spend(home, 'a', 'm1', 200_000, 60_000);
  event(home, 'a', 'Stop');
  for (const usd of [0, 0.01, 4.99]) expect(show(home, 'a', usd, 0)).toContain('$5.00 session');
  expect(show(home, 'a', 5.01, 0)).toContain('$5.01 session');
});
