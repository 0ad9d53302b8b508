/** The client gives up a status line that takes long; ours is to be seen all the same. */
const TIMEOUT_MS = 5000;

/**
 * Runs the status line that was there before ours, with what the client says, and shows what it prints.
 * Never throws, but where `show` does: a line that fails is left out, as the client would leave it out.
 * @param command a shell's
 */
export function runWrappedCommand(
  command: string,
  text: string,
  show: (output: string) => void,
): void {
  // Only here: loading it takes milliseconds that a line of ours alone should not pay.
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
