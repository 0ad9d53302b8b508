// What a repository or an archive brings along is read with bounds and without waiting: no device,
// pipe, endless file or link of theirs crashes or delays what an agent waits for.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Home, query, temporaryHome, writeSettings } from '../helpers/home.ts';
import { cliFile, hook, hookFile } from '../helpers/program/run.ts';
import { isThorough } from '../helpers/thorough.ts';

/** Everything that may stand where a file is expected, by what puts it there. */
const CONTENTS: Record<string, (path: string) => void> = {
  'a named pipe': (path) => execFileSync('mkfifo', [path]),
  'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
  'a link to /dev/stdin': (path) => symlinkSync('/dev/stdin', path),
  'a link to /proc/self/pagemap': (path) => symlinkSync('/proc/self/pagemap', path),
  'a link to /proc/self/mem': (path) => symlinkSync('/proc/self/mem', path),
  'a link to /proc/kmsg': (path) => symlinkSync('/proc/kmsg', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a folder': (path) => mkdirSync(path),
  'three sparse gigabytes': (path) => execFileSync('truncate', ['-s', '3G', path]),
};

/** Every file of a repository that is looked at, with what has to be there for it to be. */
const PLACES: Record<string, (repository: string) => string> = {
  '.git': (repository) => join(repository, '.git'),
  '.git/HEAD': (repository) => {
    mkdirSync(join(repository, '.git'));
    return join(repository, '.git/HEAD');
  },
  'HEAD of a linked worktree': (repository) => {
    mkdirSync(join(repository, 'elsewhere'));
    writeFileSync(join(repository, '.git'), 'gitdir: elsewhere\n');
    return join(repository, 'elsewhere/HEAD');
  },
  'commondir of a linked worktree': (repository) => {
    mkdirSync(join(repository, 'elsewhere'));
    writeFileSync(join(repository, '.git'), 'gitdir: elsewhere\n');
    return join(repository, 'elsewhere/commondir');
  },
  'config of a git folder that is elsewhere': (repository) => {
    mkdirSync(join(repository, 'elsewhere'));
    writeFileSync(join(repository, '.git'), 'gitdir: elsewhere\n');
    return join(repository, 'elsewhere/config');
  },
  '.tallyhook.json': (repository) => {
    mkdirSync(join(repository, '.git'));
    writeFileSync(join(repository, '.git/HEAD'), 'ref: refs/heads/main\n');
    return join(repository, '.tallyhook.json');
  },
  '.claude/settings.json': (repository) => {
    mkdirSync(join(repository, '.claude'));
    return join(repository, '.claude/settings.json');
  },
};

/** Of each kind one: a wait, no end, no size. */
const KINDS = Object.entries(CONTENTS).filter(([content]) => /pipe|zero|pagemap/.test(content));

const EVENTS = [
  'PostToolUse',
  'UserPromptSubmit',
  'PostToolBatch',
  'PreToolUse',
  'Stop',
  'SessionEnd',
];

/** A program that is stopped by it hangs; all of these take a fraction of a second. */
const HANGS_S = '15';

/** Runs a program as an agent would on a small machine: 4 GB of address space at most. */
function runBounded(home: Home, program: string[], input: string, cwd: string): number | string {
  const command = `ulimit -v 4000000; exec timeout -s KILL ${HANGS_S} "$0" "$@"`;
  const { status, signal, stderr } = spawnSync(
    'bash',
    ['-c', command, process.execPath, ...program],
    {
      cwd,
      input,
      env: home.env,
      encoding: 'utf8',
      maxBuffer: 1e8,
    },
  );
  // A stack trace is nobody's answer.
  expect(stderr).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
  return status ?? String(signal);
}

function temporaryRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-repository-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function transcriptLine(cwd: string): string {
  return `${JSON.stringify({
    type: 'assistant',
    uuid: 'u1',
    sessionId: 's1',
    cwd,
    timestamp: '2026-11-20T10:00:00.000Z',
    requestId: 'req_1',
    version: '2.1.330',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-4-8',
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 20 },
    },
  })}\n`;
}

beforeAll(() => {
  // Elsewhere these devices and files are others, or not there.
  if (process.platform !== 'linux') console.log('skipped: /proc and mkfifo are of Linux');
});

describe.runIf(process.platform === 'linux')('files of a repository', () => {
  for (const [place, prepare] of Object.entries(PLACES)) {
    for (const [content, put] of Object.entries(CONTENTS)) {
      test(`${place} is ${content}`, () => {
        const home = temporaryHome();
        const repository = temporaryRepository();
        put(prepare(repository));
        writeSettings(home, {
          budgets: {
            daily: { limit: 20, per: 'day', action: 'stop' },
            branch: { limit: 20, per: 'day', branch: 'main', action: 'ask' },
          },
        });
        const transcript = join(home.projects, 'p/s1.jsonl');
        mkdirSync(join(home.projects, 'p'));
        writeFileSync(transcript, transcriptLine(repository));
        const base = { session_id: 's1', transcript_path: transcript, cwd: repository };
        // What is of a kind with another is read by one program of each sort, unless all is tried.
        const isWhole = isThorough || KINDS.some(([kind]) => kind === content);
        for (const name of isWhole ? EVENTS : ['UserPromptSubmit']) {
          const event = { ...base, hook_event_name: name, prompt: 'hello', tool_name: 'Bash' };
          const status = runBounded(home, [hookFile], JSON.stringify(event), repository);
          expect([name, status]).toEqual([name, 0]);
        }
        const status = {
          session_id: 's1',
          cwd: repository,
          workspace: { current_dir: repository },
        };
        const statusline = hookFile.replace('record.cjs', 'statusline.cjs');
        expect(runBounded(home, [statusline], JSON.stringify(status), repository)).toBe(0);
        expect(query(home.ledger, 'SELECT count(*) AS n FROM cost_records')).toEqual([{ n: 1 }]);
        for (const command of isWhole ? ['summary', 'config', 'doctor'] : ['config']) {
          const args = command === 'config' ? ['config', 'show'] : [command];
          expect(runBounded(home, [cliFile, ...args], '', repository)).toBeOneOf([0, 1]);
        }
      });
    }
  }

  test('a project file that is a link out of the repository does not count, one inside does', () => {
    const home = temporaryHome();
    const repository = temporaryRepository();
    mkdirSync(join(repository, '.git'));
    mkdirSync(join(repository, 'config'));
    const outside = join(home.folder, 'outside.json');
    writeFileSync(outside, '{"project":{"name":"outside"}}');
    writeFileSync(join(repository, 'config/tallyhook.json'), '{"project":{"name":"inside"}}');
    const shown = (): string =>
      spawnSync(process.execPath, [cliFile, 'config', 'show'], {
        cwd: repository,
        env: home.env,
        encoding: 'utf8',
      }).stdout;
    symlinkSync(outside, join(repository, '.tallyhook.json'));
    expect(shown()).not.toContain('outside"');
    rmSync(join(repository, '.tallyhook.json'));
    symlinkSync('config/tallyhook.json', join(repository, '.tallyhook.json'));
    expect(shown()).toContain('inside');
  });
});

/** Files in the home folder, which an archive that was unpacked there may have brought. */
const HOME_FILES: Record<string, (home: Home) => string> = {
  "the user's settings": (home) => join(home.folder, '.config/tallyhook/settings.json'),
  "the client's settings": (home) => join(home.folder, '.claude/settings.json'),
  'fetched prices': (home) => join(home.data, 'prices.json'),
  'the log': (home) => join(home.data, 'hook.log'),
  'budgets that fail closed': (home) => join(home.data, 'budgets-fail-closed.json'),
  'a spooled file': (home) => join(home.spool, '000000000000001-0000-1-a.event.json'),
  "a subagent's metadata": (home) => join(home.projects, 'p/s1/subagents/agent-a.meta.json'),
  'a transcript': (home) => join(home.projects, 'p/s2.jsonl'),
};

describe.runIf(process.platform === 'linux')('standard input', () => {
  for (const path of ['/proc/self/pagemap', '/proc/kmsg', '/dev/zero', '/dev/null']) {
    test(`is ${path}`, () => {
      const home = temporaryHome();
      for (const program of [hookFile, hookFile.replace('record.cjs', 'statusline.cjs')]) {
        const command = `ulimit -v 4000000; exec timeout -s KILL ${HANGS_S} "$0" "$1" <${path}`;
        const { status } = spawnSync('bash', ['-c', command, process.execPath, program], {
          env: home.env,
        });
        expect(status).toBe(0);
      }
    });
  }
});

describe.runIf(process.platform === 'linux')('files of a home folder', () => {
  for (const [place, locate] of Object.entries(HOME_FILES)) {
    for (const [content, put] of KINDS) {
      test(`${place} is ${content}`, () => {
        const home = temporaryHome();
        const path = locate(home);
        mkdirSync(join(home.projects, 'p/s1/subagents'), { recursive: true });
        mkdirSync(join(path, '..'), { recursive: true });
        const transcript = join(home.projects, 'p/s1.jsonl');
        writeFileSync(transcript, transcriptLine(home.folder));
        writeFileSync(join(home.projects, 'p/s1/subagents/agent-a.jsonl'), '{}\n');
        put(path);
        for (const name of ['PostToolUse', 'UserPromptSubmit', 'SessionEnd']) {
          const event = {
            hook_event_name: name,
            session_id: 's1',
            transcript_path: transcript,
            cwd: home.folder,
            prompt: 'hello',
          };
          expect(runBounded(home, [hookFile], JSON.stringify(event), home.folder)).toBe(0);
        }
        expect(query(home.ledger, 'SELECT count(*) AS n FROM cost_records')).toEqual([{ n: 1 }]);
        for (const args of [['summary'], ['verify'], ['doctor'], ['explain', '--session', 's1']]) {
          expect(runBounded(home, [cliFile, ...args], '', home.folder)).toBeOneOf([0, 1, 2]);
        }
      });
    }
  }

  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    test(`telemetry.db${suffix} is a named pipe`, () => {
      const home = temporaryHome();
      hook(home, { hook_event_name: 'Stop', session_id: 's1', transcript_path: '/none.jsonl' });
      rmSync(`${home.ledger}${suffix}`, { force: true });
      execFileSync('mkfifo', [`${home.ledger}${suffix}`]);
      const event = { hook_event_name: 'Stop', session_id: 's1', transcript_path: '/none.jsonl' };
      expect(runBounded(home, [hookFile], JSON.stringify(event), home.folder)).toBe(0);
      for (const command of ['summary', 'verify', 'doctor']) {
        expect(runBounded(home, [cliFile, command], '', home.folder)).toBeOneOf([1, 2]);
      }
    });
  }
});
