import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WHOLE_SCOPE } from '../../src/core/budget.ts';
import { alerts, allow, budget, setBudgets } from '../helpers/budgets.ts';
import { type Home, SILENT, hook, temporaryHome } from '../helpers/e2e-home.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/e2e-lines.ts';

/** Opus 4.5: 25 dollars for a million tokens of output. */
const TOKENS_A_CENT = 400;

let serial = 0;

/** A request that cost so many cents, on its way to the ledger. */
function spend(home: Home, cents: number, over: Partial<Parameters<typeof request>[0]> = {}): void {
  const session = over.session ?? 's1';
  const line = request({
    id: `msg_${++serial}`,
    input: 0,
    output: cents * TOKENS_A_CENT,
    at: new Date().toISOString(),
    tools: [[`toolu_${serial}`, 'Bash']],
    ...over,
    session,
  });
  const main = transcriptPath(home, session);
  const own = main.replace(/\.jsonl$/, `/subagents/agent-${over.agentId}.jsonl`);
  append(over.agentId === undefined ? main : own, line);
}

const BATCH = [{ tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: null }];

/** What the agent is answered; null for nothing. */
function ask(home: Home, event: string, extra: object = {}, session = 's1'): unknown {
  const asked = event === 'PostToolBatch' ? { tool_calls: BATCH } : {};
  const input = toolEvent(session, transcriptPath(home, session), {
    hook_event_name: event,
    ...asked,
    ...extra,
  });
  const { stdout, ...rest } = hook(home, input);
  expect({ ...rest, stdout: '' }).toEqual(SILENT);
  return stdout === '' ? null : (JSON.parse(stdout) as unknown);
}

const EVENTS = ['PreToolUse', 'PostToolUse', 'PostToolBatch', 'UserPromptSubmit', 'PreCompact'];
const ALL = [...EVENTS, 'Stop', 'SubagentStop', 'SessionStart', 'SessionEnd'];

function answers(home: Home, events = ALL): Record<string, unknown> {
  return Object.fromEntries(events.map((event) => [event, ask(home, event, { prompt: 'Go on.' })]));
}

function home(...budgets: ReturnType<typeof budget>[]): Home {
  const made = temporaryHome();
  setBudgets(made.ledger, ...budgets);
  return made;
}

const SILENCE = Object.fromEntries(ALL.map((event) => [event, null]));

describe('a budget that stops', () => {
  test('says nothing before it is spent', () => {
    const box = home(budget());
    spend(box, 79);
    expect(answers(box)).toEqual(SILENCE);
  });

  test('refuses the prompt, ends the turn, keeps a compaction from starting; nothing else', () => {
    const box = home(budget());
    spend(box, 104);
    expect(answers(box)).toMatchInlineSnapshot(`
      {
        "PostToolBatch": {
          "continue": false,
          "stopReason": "Budget cap is spent: $1.04 of $1.00 in this session.",
          "systemMessage": "To go on: tallyhook budget allow cap 5 (at the prompt of the agent with "!" before it)",
        },
        "PostToolUse": null,
        "PreCompact": {
          "decision": "block",
          "reason": "Budget cap is spent: $1.04 of $1.00 in this session.
      To go on: tallyhook budget allow cap 5 (at the prompt of the agent with "!" before it)",
        },
        "PreToolUse": null,
        "SessionEnd": null,
        "SessionStart": null,
        "Stop": null,
        "SubagentStop": null,
        "UserPromptSubmit": {
          "decision": "block",
          "reason": "Budget cap is spent: $1.04 of $1.00 in this session.
      To go on: tallyhook budget allow cap 5 (at the prompt of the agent with "!" before it)",
        },
      }
    `);
  });
});
