import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, writeSettings } from '../home.ts';
import { cli, hook } from './run.ts';
import { append, costState, prompt, transcriptPath } from '../lines.ts';

/** Terminal control sequences, bidirectional controls and invisible characters: one of each kind. */
const MARKS = [
  '\u001B[31m\u001B]0;PWN\u0007',
  '\u009B31m\u0085\u0080',
  '\u0000\u0008\u000B\u000C\u007F',
  '\r\nok    fake            all is well',
  '\nok    fake            all is well',
  '\r\t',
  '\u202Eevil\u202C\u202A\u202B\u202D',
  '\u2066\u2067\u2068\u2069\u061C\u200E\u200F',
  '\u2028\u2029ok    fake',
  '\uFEFF\u200B\u200C\u2060\u00AD\u180E',
  '\u{E0041}\u{E007F}\uFFF9\u034F\u3164',
  'a\u200Db a\uFE0F \u{E0101}',
  '\uD800lone\uDC00',
];

const WORDS = [
  '<img src=x onerror=alert(1)>',
  '[link](javascript:alert(1)) ![x](https://evil.example/x) https://evil.example www.evil.example',
  "=cmd|'/C calc'!A1",
  ' @SUM(1)',
  '-1+1|`x`|*b*__c__',
];

export const HOSTILE: readonly string[] = [...MARKS, ...WORDS];

// Written as ranges of numbers, independent of the character classes of the tested code. A lone surrogate
// becomes U+FFFD on its way through SQLite or a pipe, and is shown as such.
const HIDDEN: [from: number, to: number][] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe0f, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
];

/** The first forbidden character of an output with its context; null if there is none. */
export function hiddenIn(text: string): string | null {
  let at = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    const isHidden = HIDDEN.some(([from, to]) => code >= from && code <= to);
    if (isHidden || (letter === '\r' && text[at + 1] !== '\n')) return around(text, at);
    at += letter.length;
  }
  const forged = /^ok {4}fake/m.exec(text);
  return forged === null ? null : around(text, forged.index);
}

function around(text: string, at: number): string {
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + 40));
}

/** A request that uses one name for everything. */
function hostileRequest(name: string, index: number): string {
  return JSON.stringify({
    type: 'assistant',
    uuid: `a${index}`,
    sessionId: `s${index}${name}`,
    cwd: `/home/user/${name}`,
    gitBranch: name,
    agentId: index % 2 === 0 ? undefined : `${name}-agent`,
    attributionAgent: index % 2 === 0 ? undefined : name,
    attributionSkill: name,
    attributionPlugin: name,
    isSidechain: index % 2 === 1,
    promptId: name,
    version: name,
    timestamp: `2026-11-20T10:00:${String(index).padStart(2, '0')}.000Z`,
    requestId: `req${index}${name}`,
    message: {
      id: `m${index}${name}`,
      type: 'message',
      role: 'assistant',
      model: index % 3 === 0 ? 'claude-opus-4-5' : `evil${name}`,
      stop_reason: 'tool_use',
      content: [
        {
          type: 'tool_use',
          id: `t${index}${name}`,
          name: index % 2 === 0 ? `mcp__${name}__${name}` : name,
          input: { file_path: `/home/${name}`, command: name, skill: name, subagent_type: name },
        },
      ],
      usage: { input_tokens: 10, output_tokens: 1000, service_tier: name },
    },
  });
}

/** A folder with a hostile name, and with a hostile project file. */
export function hostileFolder(home: Home): string {
  const folder = join(home.folder, 'here\u001B[31m\u202E\u0085<img>\u200B\nok    fake');
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/\u001B[31m\u202Ebranch\n');
  const [first = '', second = ''] = HOSTILE;
  const file = {
    [first]: 1,
    project: { name: `x\u202E${second}`, ticketPattern: `(${first}` },
    budgets: { [first]: { limit: first }, fine: { limit: '0.01', per: 'total', tool: first } },
    pricing: { fallback: first },
  };
  writeFileSync(join(folder, '.tallyhook.json'), JSON.stringify(file));
  return folder;
}

/** A home whose transcripts, settings, logs, budgets and alerts are full of such names. */
export function fillHostile(home: Home): void {
  HOSTILE.forEach((name, index) => {
    const session = `s${index}${name}`;
    append(
      transcriptPath(home, `file${index}`),
      prompt(session),
      hostileRequest(name, index),
      costState(session, { [`evil${name}`]: { cost: 1 }, 'claude-opus-4-5': { cost: 2 } }),
    );
  });
  const folder = join(home.projects, '\u001B]0;PWN\u0007\n=x');
  append(join(folder, '\u001B[31mz\u202E.jsonl'), hostileRequest('\u001B[1mz', 99));
  writeSettings(home, {
    [HOSTILE[0] ?? '']: 1,
    pricing: { fallback: HOSTILE[0], file: `/nope/${HOSTILE[4]}`, [HOSTILE[6] ?? '']: 1 },
    timezone: HOSTILE[1],
    statusline: { template: `{model} \u001B[31m\u202E {project} {branch}` },
    budgets: { [HOSTILE[6] ?? '']: { limit: 1 }, all: { limit: '0.000001', per: 'total' } },
  });
  cli(home, ['import']);
  const event = {
    session_id: `s0${HOSTILE[0]}`,
    hook_event_name: 'UserPromptSubmit',
    transcript_path: transcriptPath(home, 'file0'),
    cwd: `/home/user/${HOSTILE[0]}`,
    prompt: 'x',
  };
  hook(home, event);
  const lines = HOSTILE.map(
    (name) => `${new Date().toISOString()} hook: ${name.replaceAll('\n', '')}\n`,
  );
  append(home.log, ...lines.map((line) => line.trimEnd()));
}
