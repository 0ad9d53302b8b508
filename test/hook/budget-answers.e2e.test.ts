import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Budget, WHOLE_SCOPE } from '../../src/core/budget/budget.ts';
import { alerts, allow, budget, expire, setBudgets } from '../helpers/budgets.ts';
import { agentOfEvent } from '../../src/agents/registry.ts';
import { runHook } from '../../src/hook/run.ts';
import { ask, costing, spend } from '../helpers/program/hook-budgets.ts';
import { type Home, temporaryHome, writeSettings } from '../helpers/home.ts';
import { toolEvent, transcriptPath } from '../helpers/lines.ts';

const QUESTIONS = ['PreToolUse', 'PostToolBatch', 'UserPromptSubmit', 'PreCompact', 'Stop'];
const ALL = [...QUESTIONS, 'PostToolUse', 'SubagentStop', 'SessionStart', 'SessionEnd'];

function answers(home: Home, events = ALL): Record<string, unknown> {
  return Object.fromEntries(events.map((event) => [event, ask(home, event)]));
}

/** The events that were answered, in order. */
function answered(home: Home, session = 's1', extra: object = {}): string[] {
  return QUESTIONS.filter((event) => ask(home, event, extra, session) !== null);
}

const STOPPED = ['PostToolBatch', 'UserPromptSubmit', 'PreCompact'];

/** The zone where it is noon now, or later by so many hours: no day ends while a test runs. */
function zoneAtNoon(laterHours = 0): string {
  const behind = new Date().getUTCHours() - 12 - laterHours;
  return `Etc/GMT${behind < 0 ? '' : '+'}${behind}`;
}

function homeWith(...budgets: Budget[]): Home {
  const home = temporaryHome();
  home.env['TZ'] = zoneAtNoon();
  setBudgets(home.ledger, ...budgets);
  return home;
}

const SILENCE = Object.fromEntries(ALL.map((event) => [event, null]));

describe('a budget that stops', () => {
  test('says nothing before it is spent, nor does a ledger without budgets', () => {
    const home = homeWith(budget());
    spend(home, 79);
    expect(answers(home)).toEqual(SILENCE);
    const none = temporaryHome();
    spend(none, 7900);
    expect(answers(none)).toEqual(SILENCE);
  });

  test('refuses the prompt, ends the turn, keeps a compaction from starting; nothing else', () => {
    const home = homeWith(budget());
    spend(home, 104);
    expect(answers(home)).toMatchInlineSnapshot(`
      {
        "PostToolBatch": {
          "continue": false,
          "stopReason": "Budget cap has reached its limit: $1.04 of $1.00 in this session.",
          "systemMessage": "To continue: tallyhook budget allow cap 5 (in Claude Code, type ! first)",
        },
        "PostToolUse": null,
        "PreCompact": {
          "decision": "block",
          "reason": "Budget cap has reached its limit: $1.04 of $1.00 in this session.
      To continue: tallyhook budget allow cap 5 (in Claude Code, type ! first)",
        },
        "PreToolUse": null,
        "SessionEnd": null,
        "SessionStart": null,
        "Stop": null,
        "SubagentStop": null,
        "UserPromptSubmit": {
          "decision": "block",
          "reason": "Budget cap has reached its limit: $1.04 of $1.00 in this session.
      To continue: tallyhook budget allow cap 5 (in Claude Code, type ! first)",
        },
      }
    `);
  });

  test('warns of what comes, once for each threshold', () => {
    const home = homeWith(budget());
    spend(home, 81);
    expect(ask(home, 'PostToolBatch')).toMatchInlineSnapshot(`
      {
        "systemMessage": "tallyhook: budget cap: 81% spent, $0.81 of $1.00 in this session; it stops at 100%",
      }
    `);
    expect(answered(home)).toEqual([]);
    spend(home, 15);
    expect(ask(home, 'UserPromptSubmit')).toMatchInlineSnapshot(`
      {
        "systemMessage": "tallyhook: budget cap: 96% spent, $0.96 of $1.00 in this session; it stops at 100%",
      }
    `);
    expect(answered(home)).toEqual([]);
    expect(alerts(home.ledger)).toEqual(['cap warning', 'cap critical']);
  });

  test('offers a raise that lets the work go on', () => {
    const home = homeWith(budget());
    spend(home, 1_040);
    const refusal = ask(home, 'UserPromptSubmit') as { reason: string };
    expect(refusal.reason).toContain('tallyhook budget allow cap 15 ');
    allow(home.ledger, 'cap', 15);
    expect(answered(home)).toEqual([]);
  });

  test('goes on while it is raised, and stops when that expires', () => {
    const home = homeWith(budget());
    spend(home, 104);
    allow(home.ledger, 'cap', 5, { forMs: 3_600_000 });
    expect(ask(home, 'UserPromptSubmit')).toBe(null);
    expire(home.ledger);
    expect(answered(home)).toEqual(STOPPED);
  });

  test('of a session leaves the others alone', () => {
    const home = homeWith(budget());
    spend(home, 104);
    spend(home, 10, { session: 's2' });
    expect(answered(home)).toEqual(STOPPED);
    expect(answered(home, 's2')).toEqual([]);
  });

  test('of a day stops every session', () => {
    const home = homeWith(budget({ per: 'day' }));
    spend(home, 104);
    expect(answered(home)).toEqual(STOPPED);
    expect(answered(home, 's2')).toEqual(STOPPED);
  });

  test('of a prompt stops the turn, not the next prompt', () => {
    const home = homeWith(budget({ per: 'prompt' }));
    spend(home, 104, { promptId: 'p1' });
    expect(answered(home, 's1', { prompt_id: 'p1' })).toEqual(STOPPED);
    expect(answered(home, 's1', { prompt_id: 'p2' })).toEqual([]);
  });

  test('begins anew on the day of the user: of the machine, or of the zone in the settings', () => {
    const home = homeWith(budget({ per: 'day' }));
    spend(home, 104, { at: new Date(Date.now() - 13 * 3_600_000).toISOString() });
    expect(answered(home)).toEqual([]);
    writeSettings(home, { timezone: zoneAtNoon(2) });
    expect(answered(home)).toEqual(STOPPED);
  });

  test('counts what a subagent spends, and stops it too', () => {
    const home = homeWith(budget());
    spend(home, 104, { agentId: 'a1', agentType: 'Explore' });
    const inside = { agent_id: 'a1', agent_type: 'Explore' };
    expect(ask(home, 'PostToolBatch', inside)).toMatchObject({ continue: false });
    expect(answered(home)).toEqual(STOPPED);
  });
});

describe('a part of the spend', () => {
  const about = (scope: Partial<Budget['scope']>): Home =>
    homeWith(budget({ per: 'total', scope: { ...WHOLE_SCOPE, ...scope } }));

  test('of a project, or of a branch, stops nothing elsewhere', () => {
    const folder = (home: Home, name: string, branch: string): string => {
      const cwd = join(home.folder, name);
      mkdirSync(join(cwd, '.git'), { recursive: true });
      writeFileSync(join(cwd, '.git/HEAD'), `ref: refs/heads/${branch}\n`);
      return cwd;
    };
    const home = temporaryHome();
    const [shop, blog] = [folder(home, 'shop', 'main'), folder(home, 'blog', 'draft')];
    setBudgets(home.ledger, budget({ per: 'total', scope: { ...WHOLE_SCOPE, project: shop } }));
    spend(home, 104, { cwd: shop, branch: 'main' });
    ask(home, 'PostToolUse');
    expect(answered(home, 's2', { cwd: shop })).toEqual(STOPPED);
    expect(answered(home, 's2', { cwd: blog })).toEqual([]);
    setBudgets(home.ledger, budget({ per: 'total', scope: { ...WHOLE_SCOPE, branch: 'main' } }));
    expect(answered(home, 's2', { cwd: shop })).toEqual(STOPPED);
    expect(answered(home, 's2', { cwd: blog })).toEqual([]);
  });

  test('of an agent type stops agents of that type', () => {
    const home = about({ agentType: 'Explore' });
    spend(home, 104, { agentId: 'a1', agentType: 'Explore' });
    const stop = { continue: false };
    const inside = (type: string) => ({ agent_id: 'a1', agent_type: type });
    expect(ask(home, 'PostToolBatch', inside('Explore'))).toMatchObject(stop);
    expect(ask(home, 'PostToolBatch', inside('Plan'))).toBe(null);
    // The main thread is told, and goes on.
    expect(ask(home, 'PostToolBatch')).toHaveProperty('systemMessage');
    expect(answered(home)).toEqual([]);
  });

  test('of a tool stops what has used the tool', () => {
    const home = about({ tool: 'WebFetch' });
    spend(home, 104, { tools: [['toolu_web', 'WebFetch']] });
    const batch = (tool_name: string) => ({ tool_calls: [{ tool_name, tool_input: {} }] });
    expect(ask(home, 'PostToolBatch', batch('WebFetch'))).toMatchObject({ continue: false });
    expect(ask(home, 'PostToolBatch', batch('Bash'))).toBe(null);
    expect(ask(home, 'UserPromptSubmit')).toBe(null);
  });

  test('of a model stops the thread that talks to it', () => {
    const home = about({ model: 'claude-haiku-4-5' });
    spend(home, 10);
    spend(home, 1_040, { agentId: 'a1', agentType: 'Explore', model: 'claude-haiku-4-5' });
    const inside = { agent_id: 'a1', agent_type: 'Explore' };
    expect(ask(home, 'PostToolBatch', inside)).toMatchObject({ continue: false });
    expect(ask(home, 'PostToolBatch')).not.toHaveProperty('continue');
    spend(home, 1, {
      model: 'claude-haiku-4-5-20251001',
      at: new Date(Date.now() + 9).toISOString(),
    });
    expect(answered(home)).toEqual(STOPPED);
  });
});

describe('a milder budget', () => {
  test('warns, and stops nothing', () => {
    const home = homeWith(budget({ action: 'warn' }));
    spend(home, 104);
    expect(answers(home)).toMatchInlineSnapshot(`
      {
        "PostToolBatch": {
          "systemMessage": "tallyhook: budget cap has reached its limit: $1.04 of $1.00 in this session",
        },
        "PostToolUse": null,
        "PreCompact": null,
        "PreToolUse": null,
        "SessionEnd": null,
        "SessionStart": null,
        "Stop": null,
        "SubagentStop": null,
        "UserPromptSubmit": null,
      }
    `);
    expect(answered(home)).toEqual([]);
  });

  test('observes, and says nothing', () => {
    const home = homeWith(budget({ action: 'observe' }));
    spend(home, 104);
    expect(answers(home)).toEqual(SILENCE);
    expect(alerts(home.ledger)).toEqual(['cap over']);
  });

  test('asks before each tool call', () => {
    const home = homeWith(budget({ action: 'ask' }));
    spend(home, 104);
    expect(ask(home, 'PreToolUse')).toMatchInlineSnapshot(`
      {
        "hookSpecificOutput": {
          "hookEventName": "PreToolUse",
          "permissionDecision": "ask",
          "permissionDecisionReason": "Budget cap has reached its limit: $1.04 of $1.00 in this session.",
        },
      }
    `);
    expect(ask(home, 'PreToolUse')).not.toBe(null);
    expect(ask(home, 'PostToolBatch')).toHaveProperty('systemMessage');
    expect(answered(home)).toEqual(['PreToolUse']);
  });

  test('several are told in one message, a line each', () => {
    const home = homeWith(
      budget({ name: 'day', per: 'day', action: 'warn' }),
      budget({ name: 'session', action: 'warn', limitNanoUsd: 1_200_000_000 }),
    );
    spend(home, 104);
    expect(ask(home, 'Stop')).toMatchInlineSnapshot(`
      {
        "systemMessage": "tallyhook: budget day has reached its limit: $1.04 of $1.00 today
      tallyhook: budget session: 86% spent, $1.04 of $1.20 in this session",
      }
    `);
  });

  test('is told beside one that stops, and beside a large prompt', () => {
    const home = homeWith(budget(), budget({ name: 'soft', per: 'day', action: 'warn' }));
    spend(home, 104);
    expect(ask(home, 'PostToolBatch')).toMatchInlineSnapshot(`
      {
        "continue": false,
        "stopReason": "Budget cap has reached its limit: $1.04 of $1.00 in this session.",
        "systemMessage": "To continue: tallyhook budget allow cap 5 (in Claude Code, type ! first)
      tallyhook: budget soft has reached its limit: $1.04 of $1.00 today",
      }
    `);
    setBudgets(home.ledger, budget({ name: 'new', per: 'week', action: 'warn' }));
    const prompt = 'Many words. '.repeat(20_000);
    expect(ask(home, 'UserPromptSubmit', { prompt })).toMatchInlineSnapshot(`
      {
        "decision": "block",
        "reason": "Budget cap has reached its limit: $1.04 of $1.00 in this session.
      To continue: tallyhook budget allow cap 5 (in Claude Code, type ! first)",
        "systemMessage": "tallyhook: this prompt has ~69,000 tokens (within about 25%), more than estimate.warnTokens (10,000). "tallyhook estimate" shows its cost.
      tallyhook: budget new has reached its limit: $1.04 of $1.00 this week",
      }
    `);
  });
});

describe('nobody is kept from budgets', () => {
  const bash = (...commands: string[]) => ({
    tool_calls: commands.map((command) => ({ tool_name: 'Bash', tool_input: { command } })),
  });

  test.each([
    'tallyhook budget allow cap 5',
    '! tallyhook budget allow cap 5',
    'run `tallyhook budget status`',
    'Please run: npx tallyhook budget list',
    'tallyhook alerts',
  ])('prompt: %s', (prompt) => {
    const home = homeWith(budget());
    spend(home, 104);
    const answer = ask(home, 'UserPromptSubmit', { prompt });
    expect(answer).not.toHaveProperty('decision');
  });

  test.each(['What is a tallyhook budget?', 'tallyhook summary', 'tallyhook budgetary'])(
    'prompt that is refused: %s',
    (prompt) => {
      const home = homeWith(budget());
      spend(home, 104);
      expect(ask(home, 'UserPromptSubmit', { prompt })).toMatchObject({ decision: 'block' });
    },
  );

  test.each([
    ['tallyhook budget allow cap 5 --for 2h'],
    ['npx tallyhook budget status', '/usr/local/bin/tallyhook budget list --json'],
    ['node /opt/tallyhook/dist/cli.cjs budget check 2>&1'],
  ])('batch and tool: %s %s', (...commands) => {
    const home = homeWith(budget(), budget({ name: 'asking', action: 'ask' }));
    spend(home, 104);
    expect(ask(home, 'PostToolBatch', bash(...commands))).not.toHaveProperty('continue');
    const [command] = commands;
    expect(ask(home, 'PreToolUse', { tool_input: { command } })).toBe(null);
  });

  test.each([
    ['tallyhook budget status; make'],
    ['tallyhook budget status\nmake'],
    ['tallyhook budget status $(make)'],
    ['tallyhook budget status | tee x'],
    ['make tallyhook budget'],
    ['tallyhook budget status', 'make'],
    ['/tmp/evil tallyhook budget'],
  ])('batch that is something else too: %s %s', (...commands) => {
    const home = homeWith(budget(), budget({ name: 'asking', action: 'ask' }));
    spend(home, 104);
    expect(ask(home, 'PostToolBatch', bash(...commands))).toMatchObject({ continue: false });
    const command = commands.at(-1);
    expect(ask(home, 'PreToolUse', { tool_input: { command } })).not.toBe(null);
  });
});

test('a task notification is refused without its text', () => {
  const home = homeWith(budget());
  spend(home, 104);
  const prompt = '<task-notification>\n<task-id>a1</task-id>\n</task-notification>';
  expect(ask(home, 'UserPromptSubmit', { prompt })).toMatchInlineSnapshot(`
    {
      "decision": "block",
      "hookSpecificOutput": {
        "hookEventName": "UserPromptSubmit",
        "suppressOriginalPrompt": true,
      },
      "reason": "Budget cap has reached its limit: $1.04 of $1.00 in this session.
    To continue: tallyhook budget allow cap 5 (in Claude Code, type ! first)",
    }
  `);
});

test('a close decision waits for the response that it is about', () => {
  const home = homeWith(budget());
  const path = transcriptPath(home, 's1');
  spend(home, 60);
  const line = costing(104, { session: 's1', tools: [['toolu_late', 'Bash']] });
  const script = `sleep 0.03; printf '%s\\n' "$LINE" >> "$FILE"`;
  spawn('sh', ['-c', script], { env: { ...home.env, LINE: line, FILE: path }, stdio: 'ignore' });
  const answer = runHook({
    env: home.env,
    args: [],
    findAgent: agentOfEvent,
    text: JSON.stringify(
      toolEvent('s1', path, {
        hook_event_name: 'PostToolBatch',
        tool_calls: [{ tool_name: 'Bash', tool_input: {}, tool_use_id: 'toolu_late' }],
      }),
    ),
    arrivedAtMs: Date.now(),
    isLongLived: true,
  });
  expect(JSON.parse(answer ?? 'null')).toMatchObject({ continue: false });
});
