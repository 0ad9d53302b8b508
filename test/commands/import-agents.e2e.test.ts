import { expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { putFile, run } from '../helpers/program/agent-setup.ts';
import { cli } from '../helpers/program/run.ts';

const ROLLOUT = '.codex/sessions/2026/11/30/rollout-2026-11-30T10-00-00-0aa.jsonl';

function histories(home: Home): void {
  append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
  putFile(home, ROLLOUT, '{"type":"session_meta","payload":{"id":"0aa","cwd":"/p"}}\n');
  for (const name of ['a_s2', 'b_s3']) {
    putFile(
      home,
      `.pi/agent/sessions/--p--/${name}.jsonl`,
      '{"type":"session","id":"s","cwd":"/p"}\n',
    );
  }
}

test('import names how many files of which agent it read', () => {
  const home = temporaryHome();
  histories(home);
  expect(run(home, 'import')).toMatch(
    /^4 files \(1 of Claude Code, 1 of Codex CLI, 2 of Pi\), 4 new lines: 1 requests added/,
  );
  expect(JSON.parse(run(home, 'import', '--json'))).toMatchObject({
    files: 4,
    clients: [
      { client: 'claude-code', title: 'Claude Code', files: 1 },
      { client: 'codex', title: 'Codex CLI', files: 1 },
      { client: 'pi', title: 'Pi', files: 2 },
    ],
  });
});

test('the first report says so once, below what it prints', () => {
  const home = temporaryHome();
  histories(home);
  expect(cli(home, [])).toMatchObject({
    status: 0,
    stderr: 'tallyhook: read 4 files (1 of Claude Code, 1 of Codex CLI, 2 of Pi)\n',
  });
  expect(cli(home, [])).toMatchObject({ status: 0, stderr: '' });
});

test('init says so before its summary', () => {
  const home = temporaryHome();
  histories(home);
  expect(run(home, 'init', '--yes')).toContain(
    '\nRead 4 transcripts (1 of Claude Code, 1 of Codex CLI, 2 of Pi): 1 request.\n',
  );
});

test('files of Claude Code alone are not named again', () => {
  const home = temporaryHome();
  append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
  expect(run(home, 'import')).toMatch(/^1 files, 1 new lines: /);
  expect(cli(home, [])).toMatchObject({ stderr: '' });
});
