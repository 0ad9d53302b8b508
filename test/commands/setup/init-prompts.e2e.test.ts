import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { addAgent, filesOf, putFile } from '../../helpers/program/agent-setup.ts';
import { cliFile } from '../../helpers/program/run.ts';
import { recordedIds } from '../../helpers/recorded.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';

/** Makes a terminal for a program (util-linux). */
const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux');
if (!hasScript) console.log('skipped: there is no `script` of util-linux to make a terminal with');

const YES = 'y';
const NO = 'n';
const ENTER = '\r';
const SPACE = ' ';
const DOWN = '\u001B[B';
const CTRL_C = '\u0003';

/** A command at a terminal, as a person sees it. */
class Prompted {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  #seen = '';
  #from = 0;

  constructor(home: Home, args: string[]) {
    const words = [process.execPath, cliFile, ...args].map((word) => `'${word}'`);
    // Wide enough for every question to be one line.
    const command = `stty cols 140 rows 60; ${words.join(' ')}`;
    this.#child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: home.folder,
      env: { ...home.env, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout?.on('data', (chunk) => (this.#seen += String(chunk)));
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  get screen(): string {
    return stripVTControlCharacters(this.#seen).replaceAll('\r', '');
  }

  /** Waits for a question, then types. */
  async answer(question: string, ...keys: string[]): Promise<void> {
    const until = Date.now() + 20_000;
    while (!this.screen.slice(this.#from).includes(question)) {
      if (Date.now() > until) throw new Error(`was not asked ${question}:\n${this.screen}`);
      await sleep(20);
    }
    this.#from = this.screen.length;
    for (const key of keys) this.#child.stdin?.write(key);
  }

  async ended(): Promise<number | null> {
    const [code] = await this.#closed;
    return code as number | null;
  }
}

const settingsPath = (home: Home): string => join(home.folder, '.claude/settings.json');

describe.skipIf(!hasScript)('at a terminal', () => {
  test('init offers the agents that it finds, and sets up those that stay ticked', async () => {
    const home = temporaryHome();
    for (const name of ['codex', 'pi']) addAgent(home, name);
    putFile(home, '.pi/agent/sessions/--tmp--/t_s1.jsonl', '{}\n');
    const init = new Prompted(home, ['init']);
    await init.answer('Install hooks for which agents?', SPACE, DOWN, DOWN, SPACE, ENTER);
    await init.answer('Apply these changes?', YES);
    await init.answer('Found 1 transcript (1 of Pi; less than a megabyte). Read them now?', NO);
    expect(await init.ended()).toBe(0);
    expect(init.screen).toContain('Codex CLI: added hooks to ');
    expect(init.screen).toContain('Use Codex CLI as usual');
    expect(Object.keys(filesOf(home))).toContain('.codex/hooks.json');
    for (const name of ['.claude/settings.json', '.pi/agent/extensions/tallyhook.ts']) {
      expect(Object.keys(filesOf(home))).not.toContain(name);
    }
  });

  test('init asks where, shows what it will write, reads the history and ends with the summary', async () => {
    const home = temporaryHome();
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
    const init = new Prompted(home, ['init']);
    await init.answer('Install hooks where?', DOWN, ENTER);
    await init.answer('in the status line?', NO);
    await init.answer('Apply these changes?', YES);
    await init.answer('1 transcript (less than a megabyte). Read them now?', YES);
    expect(await init.ended()).toBe(0);
    expect(init.screen).toContain('+    "PostToolUse": [');
    expect(init.screen).toContain('Read 1 transcript: 1 request.');
    expect(init.screen).toMatch(/^All time +1 .*\$/m);
    const local = readFileSync(join(home.folder, '.claude/settings.local.json'), 'utf8');
    expect(local).toContain('record.cjs');
    expect(local).not.toContain('statusLine');
    expect(existsSync(settingsPath(home))).toBe(false);
    expect(recordedIds(home)).toEqual(['msg_1']);
  });

  test('a no writes nothing, and so does Ctrl-C', async () => {
    const home = temporaryHome();
    mkdirSync(dirname(settingsPath(home)), { recursive: true });
    writeFileSync(settingsPath(home), '{}');
    const no = new Prompted(home, ['init', '--global']);
    await no.answer('in the status line?', YES);
    await no.answer('Apply these changes?', NO);
    expect(await no.ended()).toBe(0);
    expect(no.screen).toContain('Nothing was written.');
    const cancelled = new Prompted(home, ['init', '--global', '--statusline']);
    await cancelled.answer('Apply these changes?', CTRL_C);
    expect(await cancelled.ended()).toBe(1);
    expect(readFileSync(settingsPath(home), 'utf8')).toBe('{}');
    expect(existsSync(home.data)).toBe(false);
  });

  test('--yes asks nothing', async () => {
    const home = temporaryHome();
    const init = new Prompted(home, ['init', '--yes']);
    expect(await init.ended()).toBe(0);
    expect(readFileSync(settingsPath(home), 'utf8')).toContain('record.cjs');
  });

  test('uninstall --purge asks, and a no keeps everything', async () => {
    const home = temporaryHome();
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
    expect(await new Prompted(home, ['init', '--yes']).ended()).toBe(0);
    const kept = new Prompted(home, ['uninstall', '--purge']);
    await kept.answer('Delete these files and every recorded cost?', ENTER);
    expect(await kept.ended()).toBe(0);
    expect(kept.screen).toContain('Recorded costs are kept.');
    expect(recordedIds(home)).toEqual(['msg_1']);
    const purged = new Prompted(home, ['uninstall', '--purge']);
    await purged.answer('Delete these files and every recorded cost?', YES);
    expect(await purged.ended()).toBe(0);
    expect(existsSync(home.data)).toBe(false);
  });
});
