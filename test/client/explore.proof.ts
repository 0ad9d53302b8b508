import { spawn } from 'node:child_process';
import { inject, test, expect } from 'vitest';
import { Sandbox } from './sandbox.ts';
import { ScriptedApi } from './scripted-api.ts';
import { VERSIONS } from './client.ts';
import { answer, bash, call, say, startAgent } from './scenario.ts';

test.each(VERSIONS)('clear %s', async (version) => {
  const bin = inject('clients')[version]!;
  const box = new Sandbox(bin);
  const api = new ScriptedApi({
    main: [
      answer([bash('echo 1')]),
      answer([say('one')]),
      answer([bash('echo 2')]),
      answer([say('two')]),
    ],
  });
  const url = await api.listen();
  const c = spawn(
    bin,
    [
      '-p',
      '--model',
      'claude-opus-4-8',
      '--input-format',
      'stream-json',
      '--output-format',
      'stream-json',
      '--verbose',
      '--include-hook-events',
      '--dangerously-skip-permissions',
    ],
    {
      cwd: box.project,
      env: { ...box.env, ANTHROPIC_BASE_URL: url },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const prompts = ['Please one.', '/clear', 'Please two.'];
  const next = () => {
    const p = prompts.shift();
    if (p === undefined) c.stdin.end();
    else
      c.stdin.write(
        JSON.stringify({
          type: 'user',
          message: { role: 'user', content: p },
          parent_tool_use_id: null,
          session_id: '',
        }) + '\n',
      );
  };
  let buf = '';
  c.stdout.on('data', (d) => {
    buf += d;
    let i;
    while ((i = buf.indexOf('\n')) >= 0) {
      const l = buf.slice(0, i);
      buf = buf.slice(i + 1);
      const j = JSON.parse(l);
      if (j.type === 'result') {
        console.log(
          'RESULT',
          j.session_id,
          j.total_cost_usd,
          JSON.stringify(j.modelUsage),
          j.result,
        );
        next();
      } else console.log(l.slice(0, 500));
    }
  });
  c.stderr.on('data', (d) => console.log('ERR', String(d)));
  next();
  await new Promise((r) => c.on('close', r));
  api.close();
  expect(1).toBe(1);
});
