import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Home, query, temporaryHome } from '../helpers/home.ts';
import { cli, cliFile } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { freePort } from '../helpers/free-port.ts';

interface Serving {
  address: string;
  /** What the client is told to send with. */
  authorization: string;
  token: string;
}

/** A server on a machine, and what `serve --telemetry` says of it. */
async function serving(home: Home): Promise<Serving> {
  const port = String(await freePort());
  const printed = cli(home, ['serve', '--port', port, '--telemetry']);
  expect(printed).toMatchObject({ status: 0, stderr: '' });
  const { env } = JSON.parse(printed.stdout) as { env: Record<string, string> };
  expect(env).toMatchObject({
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `http://127.0.0.1:${port}/v1/logs`,
  });
  const server = spawn(process.execPath, [cliFile, 'serve', '--port', port], { env: home.env });
  onTestFinished(async () => {
    server.kill('SIGTERM');
    await once(server, 'close');
  });
  let text = '';
  while (!text.includes('token=')) {
    const [chunk] = (await once(server.stdout, 'data')) as [Buffer];
    text += chunk.toString('utf8');
  }
  const header = decodeURIComponent(env['OTEL_EXPORTER_OTLP_LOGS_HEADERS'] ?? '');
  return {
    address: `http://127.0.0.1:${port}`,
    authorization: header.replace(/^Authorization=/, ''),
    token: /token=(\S+)/.exec(text)?.[1] ?? '',
  };
}

interface Told {
  session: string;
  id: string;
  source: string;
  cost: number;
  atMs?: number;
  output?: number;
}

function exported(...told: Told[]): object {
  const logRecords = told.map(
    ({ session, id, source, cost, output = 100, atMs = 1_795_000_000_000 }) => {
      const values = {
        'session.id': { stringValue: session },
        model: { stringValue: 'claude-opus-4-5' },
        request_id: { stringValue: id },
        query_source: { stringValue: source },
        cost_usd: { doubleValue: cost },
        input_tokens: { intValue: 10 },
        output_tokens: { intValue: output },
      };
      return {
        timeUnixNano: `${atMs}000000`,
        body: { stringValue: 'claude_code.api_request' },
        attributes: Object.entries(values).map(([key, value]) => ({ key, value })),
      };
    },
  );
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

const send = (to: Serving, body: unknown, authorization = to.authorization): Promise<Response> =>
  fetch(`${to.address}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('the client sends what each request cost', () => {
  test('every request beside the records is named; a record is none of them', async () => {
    const home = temporaryHome();
    append(
      transcriptPath(home, 's1'),
      request({ session: 's1', id: 'a' }),
      request({ session: 's1', id: 'b', output: 1, isFinal: false }),
      request({ session: 's1', id: 'c' }),
    );
    const server = await serving(home);
    const body = exported(
      { session: 's1', id: 'req_a', source: 'sdk', cost: 0.00255 },
      { session: 's1', id: 'req_b', source: 'agent:builtin:Explore', cost: 0.00255 },
      { session: 's1', id: 'req_k', source: 'compact', cost: 0.005 },
      { session: 's1', id: 'req_t', source: 'generate_session_title', cost: 0.001 },
      { session: 's1', id: 'req_w', source: 'web_search_tool', cost: 0.02 },
      { session: 's1', id: 'req_h', source: 'hook_prompt', cost: 0.003 },
      { session: 's1', id: 'req_n', source: 'auto_mode_classifier', cost: 0.004 },
      { session: 's1', id: 'req_x', source: 'repl_main_thread', cost: 0.006 },
    );
    // An exporter that was not answered in time sends it again.
    for (let sent = 0; sent < 2; sent++) {
      const response = await send(server, body);
      expect([response.status, await response.json()]).toEqual([200, {}]);
    }
    const { totals } = JSON.parse(cli(home, ['coverage', '--json']).stdout) as {
      totals: { causes: object[] };
    };
    const cause = (
      name: string,
      querySource: string | null,
      costNanoUsd: number,
      ...ids: string[]
    ) => {
      return { cause: name, count: 1, costNanoUsd, querySource, requestIds: ids };
    };
    expect(totals).toMatchObject({
      clientCostNanoUsd: 44_100_000,
      costNanoUsd: 5_175_000,
      unattributedCostNanoUsd: 38_925_000,
      explainedCostNanoUsd: 38_925_000,
      unexplainedCostNanoUsd: 0,
      lostRequests: 0,
    });
    expect(totals.causes).toEqual([
      cause('web-search', 'web_search_tool', 20_000_000, 'req_w'),
      cause('no-transcript', 'repl_main_thread', 6_000_000, 'req_x'),
      cause('compaction', 'compact', 5_000_000, 'req_k'),
      cause('other-request', 'auto_mode_classifier', 4_000_000, 'req_n'),
      cause('prompt-hook', 'hook_prompt', 3_000_000, 'req_h'),
      cause('not-reported', null, -2_550_000),
      cause('incomplete-output', 'agent:builtin:Explore', 2_475_000, 'req_b'),
      cause('title', 'generate_session_title', 1_000_000, 'req_t'),
    ]);
    expect(query(home.ledger, 'SELECT count(*) AS records FROM cost_records')).toEqual([
      { records: 3 },
    ]);
    expect(cli(home, ['verify']).status).toBe(0);

    const headers = { authorization: `Bearer ${server.token}` };
    const answered = await fetch(`${server.address}/api/costs/coverage?pageSize=1`, { headers });
    expect(await answered.json()).toMatchObject({
      totals: { unattributedCostNanoUsd: 38_925_000, unexplainedCostNanoUsd: 0 },
      sessions: [
        {
          sessionId: 's1',
          source: 'telemetry',
          ledgerCostNanoUsd: 5_175_000,
          clientCostNanoUsd: 44_100_000,
          coverage: 5_175_000 / 44_100_000,
        },
      ],
      total: 1,
    });
  });

  test('a turn whose transcript is gone, and that the ledger has not, was lost', async () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'a' }));
    cli(home, ['import']);
    const server = await serving(home);
    const turn = { session: 's1', source: 'sdk', cost: 0.00255 };
    await send(server, exported({ ...turn, id: 'req_a' }, { ...turn, id: 'req_b' }));
    writeFileSync(path, '');
    const lost = (...args: string[]) =>
      (JSON.parse(cli(home, ['coverage', '--json', ...args]).stdout) as { lost: object[] }).lost;
    expect(lost()).toEqual([]);
    rmSync(path);
    expect(lost()).toMatchObject([{ id: 'req_b', toldBy: 'telemetry', costNanoUsd: 2_550_000 }]);
  });

  test('only with a token, and only what is one', async () => {
    const home = temporaryHome();
    const server = await serving(home);
    expect((await send(server, exported(), 'Bearer wrong')).status).toBe(401);
    for (const body of ['{', '[]', '{"resourceMetrics":[]}']) {
      const response = await send(server, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'bad_body' } });
    }
    expect((await send(server, { resourceLogs: [] })).status).toBe(200);
    const told = exported({ session: 's1', id: 'req_a', source: 'sdk', cost: 1 });
    const body = gzipSync(JSON.stringify(told));
    const headers = { authorization: server.authorization, 'content-encoding': 'gzip' };
    const packed = await fetch(`${server.address}/v1/logs`, { method: 'POST', headers, body });
    expect(packed.status).toBe(200);
    expect(query(home.ledger, 'SELECT request_id FROM client_requests')).toEqual([
      { request_id: 'req_a' },
    ]);
  });
});

test("the user's own OpenTelemetry settings stay: it says where the logs go", () => {
  const home = temporaryHome();
  const print = (env: Record<string, string> = {}) => cli(home, ['serve', '--telemetry'], { env });
  expect(
    print({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://collector:4318/v1/logs' }),
  ).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /already sends its logs to http:\/\/collector:4318\/v1\/logs .*the environment/,
    ),
  });
  // Metrics alone are sent there.
  expect(print({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }).status).toBe(0);
  mkdirSync(join(home.folder, '.claude'), { recursive: true });
  const own = { OTEL_LOGS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  writeFileSync(join(home.folder, '.claude/settings.json'), JSON.stringify({ env: own }));
  expect(print()).toMatchObject({ status: 2, stderr: expect.stringContaining('settings.json') });
});
