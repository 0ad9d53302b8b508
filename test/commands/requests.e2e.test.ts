import { describe, expect, test } from 'vitest';
import { type Document, HISTORY_TOTALS, report, writeHistory } from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';

type RequestsDocument = Document & { records: { messageId: string; costNanoUsd: number }[] };

function idsOf(home: Home, ...args: string[]): string[] {
  return report<RequestsDocument>(home, 'requests', ...args).records.map(
    ({ messageId }) => messageId,
  );
}

describe('requests', () => {
  test('are shown one by one, the newest first', () => {
    const home = temporaryHome();
    writeHistory(home);
    const newest = ['msg_b2', 'msg_b1', 'msg_a4', 'msg_a3', 'msg_a2', 'msg_a1'];
    expect(idsOf(home)).toEqual(newest);
    expect(idsOf(home, '-o', 'asc')).toEqual(newest.toReversed());
    expect(idsOf(home, '--limit', '2')).toEqual(newest.slice(0, 2));
    const document = report<RequestsDocument>(home, 'requests', '--limit', '1');
    expect(document).toMatchObject({ totals: HISTORY_TOTALS, groups: [] });
    expect(document.records[0]).toMatchObject({ costNanoUsd: 260_000, costUsd: 0.00026 });
  });

  test.each([
    ['--session', '0b', ['msg_b2', 'msg_b1']],
    ['--project', 'shop', ['msg_a4', 'msg_a3', 'msg_a2', 'msg_a1']],
    ['--model', 'claude-haiku-4-5-20251001', ['msg_b1', 'msg_a4', 'msg_a3']],
    ['--agent', 'a1', ['msg_a4', 'msg_a3']],
    ['--agent-type', 'Explore', ['msg_a4', 'msg_a3']],
    ['--tool', 'Read', ['msg_a3']],
    ['--branch', 'draft', ['msg_b2', 'msg_b1']],
    ['--since', '2026-10-25T22:59Z', ['msg_b2', 'msg_b1']],
    ['--until', '2026-10-24', ['msg_a2', 'msg_a1']],
  ])('%s %s', (flag, value, expected) => {
    const home = temporaryHome();
    writeHistory(home);
    expect(idsOf(home, flag, value)).toEqual(expected);
  });

  test('of one millisecond come each once, over all pages', () => {
    const home = temporaryHome();
    const lines = Array.from({ length: 2345 }, (_, index) =>
      request({ session: 's1', id: `msg_${index}` }),
    );
    append(transcriptPath(home, 's1'), ...lines);
    expect(new Set(idsOf(home, '--limit', '5000')).size).toBe(2345);
    expect(idsOf(home)).toHaveLength(50);
    expect(idsOf(home, '--limit', '1001')).toHaveLength(1001);
  });

  test('look like this', () => {
    const home = temporaryHome();
    writeHistory(home);
    const shown = (columns: number, ...args: string[]): string => {
      const env = { COLUMNS: String(columns), NO_COLOR: '1', TZ: 'Europe/Berlin' };
      return cli(home, ['requests', '--limit', '3', ...args], { env }).stdout;
    };
    expect(shown(100)).toMatchInlineSnapshot(`
      "Time                 Session   Agent    Model      Tool              In  Out     Cost
      ───────────────────  ────────  ───────  ─────────  ───────────────  ───  ───  ───────
      2026-10-26 00:00:00  0b222222  main     opus-4-5   Write              7   ≥9  $0.0003
      2026-10-25 23:59:59  0b222222  main     haiku-4-5  mcp__docs__find  500   80  $0.0209
      2026-10-25 02:30:00  0a111111  Explore  haiku-4-5  -                 20   60  $0.0003

      3 of 6 requests, $0.0669; use --limit to show more
      "
    `);
    expect(shown(60)).toMatchInlineSnapshot(`
      "Time                 Session   Model       In  Out     Cost
      ───────────────────  ────────  ─────────  ───  ───  ───────
      2026-10-26 00:00:00  0b222222  opus-4-5     7   ≥9  $0.0003
      2026-10-25 23:59:59  0b222222  haiku-4-5  500   80  $0.0209
      2026-10-25 02:30:00  0a111111  haiku-4-5   20   60  $0.0003

      3 of 6 requests, $0.0669; use --limit to show more
      "
    `);
    expect(shown(100, '--format', 'md')).toMatchInlineSnapshot(`
      "| Time | Session | Agent | Model | Tool | In | Out | Cost |
      | --- | --- | --- | --- | --- | ---: | ---: | ---: |
      | 2026-10-26 00:00:00 | 0b222222 | main | claude-opus-4-5 | Write | 7 | ≥9 | $0.0003 |
      | 2026-10-25 23:59:59 | 0b222222 | main | claude-haiku-4-5 | mcp\\_\\_docs\\_\\_find | 500 | 80 | $0.0209 |
      | 2026-10-25 02:30:00 | 0a111111 | Explore | claude-haiku-4-5 | - | 20 | 60 | $0.0003 |
      "
    `);
    const csv = shown(100, '--format', 'csv').replaceAll(home.folder, '~').replaceAll('\r', '');
    expect(csv).toMatchInlineSnapshot(`
      "occurredAt,id,occurredAtMs,sessionId,promptId,agentId,agentType,client,model,provider,taskType,toolName,inputTokens,outputTokens,cacheReadTokens,cacheWrite5mTokens,cacheWrite1hTokens,webSearchRequests,costNanoUsd,costUsd,priceBasis,isOutputFinal,project,gitBranch
      2026-10-25T23:00:00.000Z,msg_b2|req_msg_b2,1792969200000,0b222222-0000-4000-8000-000000000002,prompt-0b222222-0000-4000-8000-000000000002-2026-10-25T22:59:00.000Z,,,claude-code,claude-opus-4-5,anthropic,main,Write,7,9,0,0,0,0,260000,0.00026,exact,false,~/blog,draft
      2026-10-25T22:59:59.999Z,msg_b1|req_msg_b1,1792969199999,0b222222-0000-4000-8000-000000000002,prompt-0b222222-0000-4000-8000-000000000002-2026-10-25T22:59:00.000Z,,,claude-code,claude-haiku-4-5,anthropic,main,mcp__docs__find,500,80,0,0,0,2,20900000,0.0209,exact,true,~/blog,draft
      2026-10-25T01:30:00.000Z,msg_a4|req_msg_a4,1792891800000,0a111111-0000-4000-8000-000000000001,prompt-0a111111-0000-4000-8000-000000000001-2026-10-24T21:59:00.000Z,a1,Explore,claude-code,claude-haiku-4-5,anthropic,subagent,,20,60,0,0,0,0,320000,0.00032,exact,true,~/shop,main
      "
    `);
  });

  test('of nothing are an empty list', () => {
    const home = temporaryHome();
    expect(idsOf(home)).toEqual([]);
    expect(cli(home, ['requests']).stdout).toBe('The ledger has no requests yet.\n');
  });
});
