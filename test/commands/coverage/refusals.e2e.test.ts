import { expect, test } from 'vitest';
import { query, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';
import { report } from '../../helpers/program/history.ts';

const SESSION = '0c333333-0000-4000-8000-000000000005';

function refused(id: string, at: string, output: number): string {
  const line = request({ session: SESSION, id, at, input: 1000, output });
  return line.replace('"stop_reason":"end_turn"', '"stop_reason":"refusal"');
}

test('a refusal without output is counted, marked, and named by coverage', () => {
  const home = temporaryHome();
  const lines = [
    refused('msg_1', '2026-11-20T10:00:00.000Z', 0),
    // The first line of a response does not know yet how it ends.
    request({ session: SESSION, id: 'msg_2', input: 1000, output: 0, isFinal: false }),
    refused('msg_2', '2026-11-20T10:00:01.000Z', 0),
    refused('msg_3', '2026-11-20T10:00:02.000Z', 5),
    refused('msg_4', '2026-06-01T23:59:59.000Z', 0),
    request({ session: SESSION, id: 'msg_5', input: 1000, output: 0 }),
  ];
  append(transcriptPath(home, SESSION), ...lines);
  expect(cli(home, ['import'])).toMatchObject({ status: 0 });
  const sql = `SELECT message_id, cost_nano_usd > 0 AS isCounted, metadata FROM cost_records
               ORDER BY message_id`;
  const metadata = '{"isRefused":true}';
  expect(query(home.ledger, sql)).toEqual([
    { message_id: 'msg_1', isCounted: 1, metadata },
    { message_id: 'msg_2', isCounted: 1, metadata },
    { message_id: 'msg_3', isCounted: 1, metadata },
    { message_id: 'msg_4', isCounted: 1, metadata },
    { message_id: 'msg_5', isCounted: 1, metadata: null },
  ]);
  expect(report<{ totals: object }>(home, 'coverage').totals).toMatchObject({
    unbilledRequests: 2,
    unbilledCostNanoUsd: 10_000_000,
  });
  expect(cli(home, ['coverage']).stdout).toContain(
    '2 requests were refused without output ($0.01): Claude Code and the ledger count them, Anthropic does not bill them',
  );
});
