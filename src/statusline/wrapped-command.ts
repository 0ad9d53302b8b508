/** Claude Code gives up on a status line that takes long; ours should be shown all the same. */
const TIMEOUT_MS = 5000;

/**
 * Runs the status line that was configured before ours, with Claude Code's input, and shows its output.
 * Throws only what `show` throws: a command that fails is left out, as Claude Code would do.
 * @param command a shell command
 */
export function runWrappedCommand(
  command: string,
  text: string,
  show: (output: string) => void,
): void {
  // Loaded here because loading takes milliseconds that our own line should not pay.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('/bin/sh', ['-c', command], {
    input: text,
    timeout: TIMEOUT_MS,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const output = (stdout ?? '').trimEnd();
  if (status === 0 && output !== '') show(`${output}\n`);
}
