import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RECORDING_HOOKS, addHooks } from '../../../src/agents/claude-code/settings/install.ts';
import { hookGroup } from '../../../src/agents/claude-code/settings/recording-hooks.ts';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { recordedIds } from '../../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../../helpers/lines.ts';
import { hookFile } from '../../helpers/program/run.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Runs the plugin's script on an event. @param folder of the plugin @param path what PATH is */
function record(home: Home, folder: string, path: string): ReturnType<typeof spawnSync> {
  const transcript = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
  const env = { ...home.env, PATH: path, CLAUDE_PLUGIN_ROOT: folder };
  const input = JSON.stringify(toolEvent('s1', transcript));
  return spawnSync('/bin/sh', ['-c', 'sh "${CLAUDE_PLUGIN_ROOT}/record.sh"'], { env, input });
}

const SILENT = { status: 0, stdout: Buffer.of(), stderr: Buffer.of() };

describe('the plugin', () => {
  test('registers what init does, with its own command', () => {
    const command = 'sh "${CLAUDE_PLUGIN_ROOT}/record.sh"';
    const groups = RECORDING_HOOKS.map((hook) => [hook.event, [hookGroup(hook, command)]]);
    expect(read('plugin/hooks/hooks.json')).toMatchObject({ hooks: Object.fromEntries(groups) });
    const settings = addHooks('', 'tallyhook-hook');
    const events = Object.keys(
      (JSON.parse(settings.ok ? settings.text : '{}') as { hooks: object }).hooks,
    );
    expect(groups.map(([event]) => event)).toEqual(events);
  });

  test('has the version of the package', () => {
    const { version } = read('package.json') as { version: string };
    expect(read('plugin/.claude-plugin/plugin.json')).toMatchObject({ name: 'tallyhook', version });
    expect(read('.claude-plugin/marketplace.json')).toMatchObject({
      plugins: [{ name: 'tallyhook', source: './plugin' }],
    });
  });

  test('in a checkout runs its hook', () => {
    const home = temporaryHome();
    expect(record(home, join(root, 'plugin'), home.env['PATH'] ?? '')).toMatchObject(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1']);
  });

  test('copied away runs the hook that is installed, and without one does nothing', () => {
    const home = temporaryHome();
    const copy = join(home.folder, 'a copy');
    cpSync(join(root, 'plugin'), copy, { recursive: true });
    expect(record(home, copy, '/usr/bin:/bin')).toMatchObject(SILENT);
    expect(recordedIds(home)).toEqual([]);
    const installed = join(home.folder, 'tallyhook-hook');
    writeFileSync(installed, `#!/bin/sh\nexec "${process.execPath}" "${hookFile}"\n`);
    chmodSync(installed, 0o755);
    expect(record(home, copy, `${home.folder}:/usr/bin:/bin`)).toMatchObject(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1']);
  });
});
