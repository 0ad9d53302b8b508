import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openCode, openCodeSetup } from '../../../src/agents/opencode/index.ts';
import { commandFor, expectToBeUndone } from '../../helpers/agent-install.ts';
import { eventIn } from '../../helpers/agent-runs.ts';

const { installer } = openCodeSetup;
const folder = mkdtempSync(join(tmpdir(), 'tallyhook-plugin-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Hooks = Record<string, (...args: unknown[]) => Promise<void>>;

/** The hooks of our plugin, started as OpenCode starts it. */
async function startPlugin(name: string, command: string): Promise<Hooks> {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, installer.add(path, null, command, { isEnforcing: false }) ?? '');
  const plugin = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
    Tallyhook: (context: { directory: string }) => Promise<Hooks>;
  };
  return plugin.Tallyhook({ directory: '/work/a' });
}

const info = { id: 'msg_2', sessionID: 'ses_c', role: 'assistant', parentID: 'msg_1' };
const ended = { ...info, time: { created: 1, completed: 2 }, tokens: { input: 1 }, text: 'secret' };

describe('the plugin', () => {
  test('passes an ended answer to the command, without its text', async () => {
    const received = join(folder, 'received.json');
    const hooks = await startPlugin(
      'records',
      `cat > '${received}.tmp' && mv '${received}.tmp' '${received}'`,
    );
    const child = { id: 'ses_c', parentID: 'ses_a' };
    await hooks['event']?.({ event: { type: 'message.updated', properties: { info } } });
    await hooks['event']?.({ event: { type: 'session.created', properties: { info: child } } });
    await vi.waitUntil(() => existsSync(received), 10_000);
    rmSync(received);
    await hooks['event']?.({ event: { type: 'message.updated', properties: { info: ended } } });
    await vi.waitUntil(() => existsSync(received), 10_000);
    const text = readFileSync(received, 'utf8');
    expect(text).not.toContain('secret');
    expect(eventIn(openCode.parseEvent(text))).toMatchObject({
      name: 'message.updated',
      sessionId: 'ses_a',
      agentId: 'ses_c',
      cwd: '/work/a',
    });
  });

  test('ignores a command that does not exist, and any event', async () => {
    const hooks = await startPlugin('ignores', join(folder, 'missing'));
    await hooks['event']?.({ event: { type: 'session.idle', properties: { sessionID: 'ses_a' } } });
    await hooks['event']?.({ event: { type: 'message.updated' } });
    await hooks['event']?.({});
    await expect(hooks['tool.execute.after']?.(undefined, undefined)).resolves.toBeUndefined();
  });
});

describe('installer', () => {
  const command = commandFor('opencode');
  const [path = ''] = installer.files({ home: '/h', env: {} });

  test('has a file of its own', () => {
    expect(path).toBe('/h/.config/opencode/plugin/tallyhook.js');
    expect(installer.files({ home: '/h', env: { XDG_CONFIG_HOME: '/c' } })).toEqual([
      '/c/opencode/plugin/tallyhook.js',
    ]);
    expectToBeUndone(installer, path, null, command);
  });

  test('a command that has moved is replaced', () => {
    const old = installer.add(path, null, commandFor('opencode', '/old'), { isEnforcing: false });
    expect(installer.add(path, old, command, { isEnforcing: false })).toContain('/opt/x y');
  });

  test("somebody else's plugin of that name stays", () => {
    const text = 'export const Other = async () => ({});\n';
    expect(installer.add(path, text, command, { isEnforcing: false })).toBeNull();
    expect(installer.remove(path, text)).toBe(text);
  });
});
