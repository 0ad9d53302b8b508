import { type Environment, cliFilePath } from '../sources/machine/paths.ts';

/**
 * Starts a tallyhook command in a process that the hook does not wait for: Claude Code kills hooks that
 * take long, and may itself exit at once.
 * @param cwd not the event's own folder, which may be deleted at any moment
 * @throws if the process can't be started
 */
export function startDetached(args: string[], cwd: string, env: Environment): void {
  // Loaded here because loading takes milliseconds that other events should not pay.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [cliFilePath(), ...args], {
    cwd,
    env,
    stdio: 'ignore',
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
}
