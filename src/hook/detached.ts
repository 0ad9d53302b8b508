import { type Environment, cliFilePath } from '../sources/machine/paths.ts';

/**
 * Starts a command of the command line in a process that the hook does not wait for: the client kills a
 * hook that takes long, and may end itself at once.
 * @param cwd the event's own folder may be gone any moment
 * @throws what keeps the process from being started
 */
export function startDetached(args: string[], cwd: string, env: Environment): void {
  // Only here: loading it takes milliseconds that no other event should pay.
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
