import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { pi, piSetup } from '../../../src/agents/pi/index.ts';
import { commandFor, expectToBeUndone } from '../../helpers/agent-install.ts';
import { eventIn } from '../../helpers/agent-runs.ts';

const { installer } = piSetup;
const folder = mkdtempSync(join(tmpdir(), 'tallyhook-extension-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SESSION = '/h/.pi/agent/sessions/--work-a--/2026-11-30T10-00-00-000Z_session-a.jsonl';

type Handler = (event: unknown, context: unknown) => unknown;

/** The handlers of our extension, loaded as Pi loads it. */
async function loadExtension(name: string, command: string): Promise<Map<string, Handler>> {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, installer.add(path, null, command, { isEnforcing: false }) ?? '');
  const extension = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
    default: (api: { on: (event: string, handler: Handler) => void }) => void;
  };
  const handlers = new Map<string, Handler>();
  extension.default({ on: (event, handler) => handlers.set(event, handler) });
  return handlers;
}

describe('the extension', () => {
  test('passes an event to the command, without its text', async () => {
    const received = join(folder, 'received.json');
    const command = `cat > '${received}.tmp' && mv '${received}.tmp' '${received}'`;
    const handlers = await loadExtension('records', command);
    const event = { toolName: 'bash', toolCallId: 'call_1', isError: true, content: ['secret'] };
    const context = { cwd: '/work/a', sessionManager: { getSessionFile: () => SESSION } };
    expect(handlers.get('tool_result')?.(event, context)).toBeUndefined();
    await vi.waitUntil(() => existsSync(received), 10_000);
    const text = readFileSync(received, 'utf8');
    expect(text).not.toContain('secret');
    expect(eventIn(pi.parseEvent(text))).toMatchObject({
      phase: 'tool',
      sessionId: 'session-a',
      transcriptPath: SESSION,
      cwd: '/work/a',
      toolUseId: 'call_1',
      toolResult: { isFailed: true },
    });
  });

  test('ignores a command that does not exist, and any event', async () => {
    const handlers = await loadExtension('ignores', join(folder, 'missing'));
    const agentEnd = handlers.get('agent_end');
    const context = { cwd: '/work/a', sessionManager: { getSessionFile: () => SESSION } };
    for (const given of [context, {}, undefined]) expect(agentEnd?.({}, given)).toBeUndefined();
    expect(agentEnd?.(undefined, context)).toBeUndefined();
  });
});

describe('installer', () => {
  const command = commandFor('pi');
  const [path = ''] = installer.files({ home: '/h', env: {} });

  test('has a file of its own', () => {
    expect(path).toBe('/h/.pi/agent/extensions/tallyhook.ts');
    expectToBeUndone(installer, path, null, command);
  });

  test("somebody else's extension of that name stays", () => {
    const text = 'export default function () {}\n';
    expect(installer.add(path, text, command, { isEnforcing: false })).toBeNull();
    expect(installer.remove(path, text)).toBe(text);
  });
});
