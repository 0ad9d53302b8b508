import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SILENT, cli, cliFile, hook } from '../helpers/program/run.ts';
import { temporaryHome, writeSettings } from '../helpers/home.ts';
import { append, prompt, request, transcriptPath } from '../helpers/lines.ts';

interface Range {
  low: number;
  mid: number;
  high: number;
}

interface Document {
  characters: number;
  estimates: { model: string; tokens: Range; costNanoUsd: Range | null; priceBasis: string }[];
}

/** 6 tokens to tokenx: five words and a full stop. */
const SENTENCE = 'The cat sat on mats. ';

describe('estimate', () => {
  test('models side by side, from stdin', () => {
    const home = temporaryHome();
    const models = 'claude-opus-4-6,claude-opus-4-8,gpt-4o,claude-zephyr-9';
    const run = spawnSync(process.execPath, [cliFile, 'estimate', '--model', models, '--json'], {
      input: SENTENCE.repeat(1000),
      env: home.env,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const { characters, estimates } = JSON.parse(run.stdout) as Document;
    expect(characters).toBe(SENTENCE.length * 1000);
    const [before, current, other, unknown] = estimates;
    const plain = other?.tokens.mid ?? 0;
    expect(plain).toBeGreaterThan(5000);
    expect(plain).toBeLessThan(7000);
    expect(before?.tokens.mid).toBe(Math.round(plain * 1.15));
    expect(current?.tokens).toEqual({
      low: Math.floor(plain * 1.5 * 0.75),
      mid: plain * 1.5,
      high: Math.ceil(plain * 1.5 * 1.25),
    });
    // At $5 a million tokens.
    expect(current?.costNanoUsd?.mid).toBe(plain * 1.5 * 5000);
    expect(unknown?.priceBasis).toBe('fallback');
  });

  test('a file, as a table; without --model the newest of each family', () => {
    const home = temporaryHome();
    writeFileSync(join(home.folder, 'prompt.md'), SENTENCE.repeat(100));
    const run = cli(home, ['estimate', 'prompt.md']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    for (const text of ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5', '~$0.0']) {
      expect(run.stdout).toContain(text);
    }
  });

  test.each([
    [
      ['--max-tokens', '10'],
      1,
      /^tallyhook: claude-opus-4-8: ~\d+ tokens are more than --max-tokens 10\n$/,
    ],
    [
      ['--max-usd', '0.0001'],
      1,
      /^tallyhook: claude-opus-4-8: ~\$0\.\d{4} is more than --max-usd \$0\.0001\n$/,
    ],
    [['--max-tokens', '9000', '--max-usd', '5'], 0, /^$/],
    [['--max-tokens', '0'], 2, /^tallyhook: --max-tokens: '0' is not a number of tokens\n/],
    [
      ['--max-usd', 'much'],
      2,
      /^tallyhook: --max-usd: 'much' is not an amount in USD above zero\n/,
    ],
  ] as const)('%j for scripts: status %i', (flags, status, stderr) => {
    const home = temporaryHome();
    writeFileSync(join(home.folder, 'prompt.md'), SENTENCE.repeat(100));
    const args = ['estimate', 'prompt.md', '--model', 'claude-opus-4-8', ...flags];
    const run = cli(home, args);
    expect(run).toMatchObject({ status, stderr: expect.stringMatching(stderr) });
    expect(run.stdout.includes('claude-opus-4-8')).toBe(status !== 2);
  });

  test('more tokens than estimate.warnTokens are warned about, as by the hook', () => {
    const home = temporaryHome();
    writeSettings(home, { estimate: { warnTokens: 100 } });
    writeFileSync(join(home.folder, 'prompt.md'), SENTENCE.repeat(100));
    const run = cli(home, ['estimate', 'prompt.md', '--json']);
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(
      /^tallyhook: the prompt has ~[\d,]+ tokens, more than estimate\.warnTokens \(100\)\n$/,
    );
    expect(JSON.parse(run.stdout)).toMatchObject({ schemaVersion: 1 });
  });

  test('a file that is not there', () => {
    const run = cli(temporaryHome(), ['estimate', 'nothing.md']);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain("the prompt can't be read");
  });
});

describe('a large prompt', () => {
  const SESSION = '0d444444-0000-4000-8000-000000000004';
  const event = (text: unknown, path: string): object => ({
    hook_event_name: 'UserPromptSubmit',
    session_id: SESSION,
    transcript_path: path,
    cwd: '/home/user/shop',
    prompt: text,
  });

  function sessionOf(home: ReturnType<typeof temporaryHome>): string {
    const line = request({ session: SESSION, id: 'msg_1', model: 'claude-opus-4-8' });
    return append(transcriptPath(home, SESSION), prompt(SESSION), line);
  }

  test('is answered with a systemMessage, and with nothing else', () => {
    const home = temporaryHome();
    const path = sessionOf(home);
    const run = hook(home, event(SENTENCE.repeat(2000), path));
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const answer = JSON.parse(run.stdout) as Record<string, string>;
    expect(Object.keys(answer)).toEqual(['systemMessage']);
    expect(answer['systemMessage']).toMatch(/~1[5-9],\d{3} tokens.*\(10,000\)/);
    expect(existsSync(home.log)).toBe(false);
    // Measured, and kept nowhere.
    expect(readFileSync(home.ledger).includes('cat sat')).toBe(false);
  });

  test.each([
    ['a short one', 'Go on.'],
    ['one below the threshold', SENTENCE.repeat(800)],
    ['none', undefined],
    ['no text', { a: 1 }],
  ])('%s: the hook prints nothing', (_, text) => {
    const home = temporaryHome();
    expect(hook(home, event(text, sessionOf(home)))).toEqual(SILENT);
  });

  test('the threshold is the user’s', () => {
    const home = temporaryHome();
    writeSettings(home, { estimate: { warnTokens: 20 } });
    const run = hook(home, event(SENTENCE.repeat(10), sessionOf(home)));
    expect(JSON.parse(run.stdout)).toHaveProperty('systemMessage');
    writeSettings(home, { estimate: { warnTokens: 1_000_000 } });
    expect(hook(home, event(SENTENCE.repeat(2000), sessionOf(home)))).toEqual(SILENT);
  });

  test('another event with such a text is not answered', () => {
    const home = temporaryHome();
    const other = { ...event(SENTENCE.repeat(2000), sessionOf(home)), hook_event_name: 'Stop' };
    expect(hook(home, other)).toEqual(SILENT);
  });

  test('malformed prices are told of once in hook.log, and the agent hears nothing', () => {
    const home = temporaryHome();
    const env = { COST_PRICING_OPUS_INPUT: 'free' };
    const path = sessionOf(home);
    for (let i = 0; i < 3; i++) expect(hook(home, event('Go on.', path), { env })).toEqual(SILENT);
    const lines = readFileSync(home.log, 'utf8').trim().split('\n');
    expect(lines).toEqual([expect.stringContaining('COST_PRICING_OPUS_INPUT="free"')]);
  });
});
