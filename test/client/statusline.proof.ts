import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { query } from '../helpers/home.ts';
import { statuslineFile } from '../helpers/program/statusline.ts';
import { audit } from './expectations.ts';
import { Sandbox } from './sandbox.ts';
import { type Scenario, answer, bash, say, usage } from './scenario.ts';
import { Terminal, hasTerminal, registerStatusline } from './terminal.ts';
import { costStatesOf } from './transcripts.ts';

const client = inject('clients')['2.1.330'];

/** The client hands what it tells to our executable, and a copy to the test. */
function sandbox(): { box: Sandbox; told: () => Told[] } {
  const box = new Sandbox('2.1.330', client ?? '');
  const copy = join(box.root, 'told.json');
  registerStatusline(box, `tee -a "${copy}" | "${process.execPath}" "${statuslineFile}"`);
  const told = () => {
    const texts = readFileSync(copy, 'utf8').split(/(?<=\})\s*(?=\{"session_id")/);
    return texts.map((text) => JSON.parse(text) as Told);
  };
  return { box, told };
}

interface Told {
  session_id: string;
  cost: { total_cost_usd: number };
}

interface Kept {
  session_id: string;
  cost_nano_usd: number;
  highest_cost_nano_usd: number;
  client_version: string;
}

/** What the ledger keeps of the client's word, in the order of its sessions. */
const kept = (box: Sandbox): Kept[] =>
  query(
    box.ledgerPath,
    `SELECT session_id, cost_nano_usd, highest_cost_nano_usd, client_version
     FROM client_status ORDER BY seen_at_ms`,
  );

const nano = (usd: number): number => Math.round(usd * 1e9);

/** More than a cent each, so that the line shows it. */
const dear = () => ({ usage: usage({ output_tokens: 20_000 }) });

/** Turns of one tool call each. No subagents: they end later, and begin a turn of their own. */
function turns(count: number): Scenario {
  const turn = () => [answer([bash('echo one')], dear()), answer([say('One.')], dear())];
  return { main: Array.from({ length: count }, turn).flat() };
}

describe.skipIf(client === null || !hasTerminal())('the interactive client', () => {
  test('shows our line, and the ledger keeps the total that it tells', async () => {
    const { box, told } = sandbox();
    const terminal = await Terminal.open(box, turns(1));
    expect(await terminal.line(/session/)).toBe('Opus 4.8 · $0.00 session · $0.00 today');
    await terminal.type('Please look around.');
    await terminal.line(
      /^ *Opus 4\.8 · \$1\.\d\d session · \$1\.\d\d today · \$[\d.]+\/h · \d+% context$/,
    );
    await terminal.exit();
    const [[session, state] = ['', null]] = [...costStatesOf(box)];
    const total = state?.totalCostUSD ?? 0;
    expect(told().at(-1)?.cost.total_cost_usd).toBe(total);
    expect(kept(box)).toEqual([
      {
        session_id: session,
        cost_nano_usd: nano(total),
        highest_cost_nano_usd: nano(total),
        client_version: '2.1.330',
      },
    ]);
    const { held, due } = audit(box, { said: [state?.modelUsage ?? {}] });
    expect(held).toEqual(due);
  });

  test('cleared and resumed: a total for each session, which goes on', async () => {
    const { box, told } = sandbox();
    const terminal = await Terminal.open(box, turns(2));
    await terminal.type('Please do one.');
    await terminal.line(/\$[1-9][\d.]* session/);
    await terminal.type('/clear');
    await terminal.line(/\$0\.00 session/);
    await terminal.type('Please do two.');
    await terminal.line(/\$[1-9][\d.]* session/);
    await terminal.exit();
    const before = kept(box);
    expect(before).toHaveLength(2);
    const first = before[0]?.session_id ?? '';
    const main = [answer([say('More.')], dear())];
    const again = await Terminal.open(box, { main }, { args: ['--resume', first] });
    const whole = (before[0]?.cost_nano_usd ?? 0) / 1e9;
    // It goes on from there: the client tells so at once.
    expect(await again.line(/ session/)).toContain(`$${whole.toFixed(2)} session`);
    await again.type('Please go on.');
    await again.line(new RegExp(`\\$(?!${whole.toFixed(2)})[\\d.]+ session`));
    await again.exit();
    const after = kept(box).find(({ session_id }) => session_id === first);
    expect(after?.cost_nano_usd).toBeGreaterThan(before[0]?.cost_nano_usd ?? 0);
    const states = costStatesOf(box);
    for (const { session_id, cost_nano_usd } of kept(box)) {
      const last = told().findLast((one) => one.session_id === session_id);
      expect(cost_nano_usd).toBe(nano(last?.cost.total_cost_usd ?? 0));
      expect(cost_nano_usd).toBe(nano(states.get(session_id)?.totalCostUSD ?? 0));
    }
  });

  test('on a narrow terminal the line is short, not cut', async () => {
    const { box } = sandbox();
    const terminal = await Terminal.open(box, turns(1), { size: [50, 40] });
    await terminal.type('Please look around.');
    const short = /^ *\$1\.\d\d session · \$1\.\d\d today · \d+% context$/;
    expect(await terminal.line(short)).toMatch(short);
    await terminal.exit();
  });
});
