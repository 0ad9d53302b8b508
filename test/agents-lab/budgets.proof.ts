import { expect, test } from 'vitest';
import { withEachAgent } from './each-agent.ts';
import { LabMachine } from './machine.ts';
import { hasTerminal } from './terminal.ts';

const TOLD = /Budget tiny has reached its limit/;

/** What each agent whose hooks can refuse a prompt prints without a terminal. */
const refusing = {
  codex: { scenario: 'responses-two-tools', printed: /hook: UserPromptSubmit Blocked/ },
  gemini: { scenario: 'gemini-two-tools', printed: TOLD },
  // Not a word.
  qwen: { scenario: 'chat-two-tools', printed: /^/ },
};

function spend(box: LabMachine): void {
  const budget = ['--limit', '0.0001', '--per', 'day', '--action', 'stop'];
  box.tallyhook(['budget', 'set', 'tiny', ...budget]);
}

withEachAgent(['codex', 'gemini', 'qwen'], (all) => {
  const { scenario, printed } = refusing[all[0] as keyof typeof refusing];

  test('a budget that is spent refuses the next prompt: no further request', async () => {
    const box = new LabMachine(all, { isEnforcing: true });
    const first = await box.run(scenario);
    expect(first.sent).toHaveLength(3);
    spend(box);
    const refused = await box.run(scenario);
    expect(refused.sent).toEqual([]);
    expect(refused.printed).toMatch(printed);
  });

  test.skipIf(all[1].interactive === undefined || !hasTerminal())(
    'in a terminal the user is told why, and what to do',
    async () => {
      const box = new LabMachine(all, { isEnforcing: true });
      await box.run(scenario);
      spend(box);
      const { terminal, server } = await box.open(scenario);
      await terminal.shows(TOLD);
      await terminal.shows(/tallyhook budget allow tiny/);
      expect(server.sent()).toEqual([]);
    },
  );
});

withEachAgent(['droid'], (all) => {
  test('a budget that is spent ends the turn at its first tool: exec asks about no prompt', async () => {
    const box = new LabMachine(all, { isEnforcing: true });
    expect((await box.run('chat-two-tools')).sent).toHaveLength(3);
    spend(box);
    expect((await box.run('chat-two-tools')).sent).toHaveLength(1);
  });
});
