import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLedger } from '../../src/store/connection/open.ts';
import { cliFile } from '../helpers/program/run.ts';
import { closedEnvironment } from '../helpers/hook.ts';

const FEW = 10_000;
const MANY = 300_000;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallyhook-export-'));
  for (const rows of [FEW, MANY]) makeLedger(join(folder, `${rows}.db`), rows);
  writeFileSync(
    join(folder, 'max-rss.cjs'),
    `process.on('exit', () => process.stderr.write('maxRSS ' + process.resourceUsage().maxRSS));`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Straight into the table, without the triggers that keep the roll-ups: only rows are exported. */
function makeLedger(path: string, rows: number): void {
  const db = openLedger(path, { busyTimeoutMs: 1000 });
  db.pragma('synchronous = OFF');
  db.exec(`DROP TRIGGER book_new_record;
    INSERT INTO projects (root, name) VALUES ('/home/user/shop', 'shop');
    WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO cost_records (id, message_id, occurred_at_ms, described_at_ms, session_id, prompt_id,
      claim_flags, client, model, model_raw, provider, task_type, input_tokens, output_tokens,
      cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, web_search_requests,
      cost_nano_usd, price_id, price_basis, is_output_final, tool_name, trace_id, cwd, project_id,
      git_branch, source)
    SELECT 'msg_' || hex(randomblob(12)) || '|req_' || i, 'msg_' || i, 1780000000000 + i * 17000, 0,
      'session-' || (i / 90), 'prompt-' || (i / 9), 6, 'claude-code', 'claude-opus-4-8',
      'claude-opus-4-8', 'anthropic', 'main', i % 50, i % 3000, 40000, 900, 0, 0, i * 1000,
      'claude-opus-4-8@2026-01-01', 'exact', 1, 'Bash', 'req_' || i, '/home/user/shop', 1, 'main',
      'import' FROM n;`);
  db.close();
}

interface Exported {
  lines: number;
  maxRssKilobytes: number;
}

/** Reads slower than the program writes, so that what is not held back would pile up. */
async function exportRows(rows: number, args: string[]): Promise<Exported> {
  const env = closedEnvironment({
    HOME: folder,
    TELEMETRY_DB_PATH: join(folder, `${rows}.db`),
    NODE_OPTIONS: `--require=${join(folder, 'max-rss.cjs')}`,
  });
  const command = [cliFile, 'export', '--no-refresh', ...args];
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let lines = 0;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === 10) lines++;
    if (lines % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(await ended).toBe(0);
  return { lines, maxRssKilobytes: Number(/maxRSS (\d+)$/.exec(said)?.[1]) };
}

test.each(['csv', 'json'])('%s: thirty times the rows take the same memory', async (format) => {
  const few = await exportRows(FEW, ['--format', format]);
  const many = await exportRows(MANY, ['--format', format]);
  expect(many.lines - few.lines).toBe(MANY - FEW);
  const ratio = many.maxRssKilobytes / few.maxRssKilobytes;
  console.log(
    `${format}: ${few.maxRssKilobytes >> 10} MB at ${FEW} rows, ${many.maxRssKilobytes >> 10} MB at ${MANY}`,
  );
  // The text of the larger one is 170 MB; what grows is garbage that V8 has not collected yet.
  expect(ratio).toBeLessThan(1.5);
});
