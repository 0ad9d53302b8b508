import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { budget, setBudgets } from '../helpers/budgets.ts';
import { Sandbox } from './sandbox.ts';
import { type Step, answer, bash, say, usage, writes } from './scenario.ts';
import { Terminal, hasTerminal } from './terminal.ts';

const client = inject('clients')['2.1.330'];

const dear = () => ({
  usage: usage({
    input_tokens: 0,
    output_tokens: 20_000,
    cache_read_input_tokens: 0,
    ...writes(0, 0),
  }),
});
const work = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => answer([bash(`echo ${index}`)], dear()));

describe.skipIf(client === null || !hasTerminal())('the interactive client', () => {
  test('EXPLORE', async () => {
    const box = new Sandbox('2.1.330', client ?? '');
    box.enforceBudgets();
    setBudgets(box.ledgerPath, budget());
    const terminal = await Terminal.open(box, { main: [...work(4), answer([say('All done.')], dear())] });
    await terminal.line(/\? for shortcuts|❯/);
    await terminal.type('Please look around.');
    await terminal.line(/To go on/);
    console.log(terminal.screen());
    await terminal.type('Please go on.');
    await new Promise((r) => setTimeout(r, 3000));
    console.log(terminal.screen());
    await terminal.type('! echo tallyhook budget allow cap 5');
    await new Promise((r) => setTimeout(r, 3000));
    console.log(terminal.screen());
  });
});
