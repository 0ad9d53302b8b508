import { spawn } from 'node:child_process';
import { expect } from 'vitest';
import { agentNamed } from '../../../src/agents/registry.ts';
import type { Home } from '../home.ts';
import { cli, hookFile } from './run.ts';

/** Runs the built hook of an agent; it is killed after so many milliseconds if that is given. */
export function agentHook(
  home: Home,
  agent: string,
  event: string | object,
  killAfterMs: number | null = null,
): Promise<void> {
  const child = spawn(process.execPath, [hookFile, '--agent', agent], {
    env: home.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A hook that was killed does not read its event.
  child.stdin.on('error', () => {});
  child.stdin.end(typeof event === 'string' ? event : JSON.stringify(event));
  const timer =
    killAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve) => {
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The events that an agent's hook records; it leaves the others after parsing them. */
export function recordedEvents(agent: string, events: readonly string[]): string[] {
  return events.filter((text) => agentNamed(agent)?.parseEvent(text).kind === 'event');
}

export function importAll(home: Home): { unread: { path: string; reason: string }[] } {
  const { status, stdout, stderr } = cli(home, ['import', '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as { unread: { path: string; reason: string }[] };
}

/** Everything that `verify` checks holds; it reads the agents' files again. */
export function expectVerified(home: Home): void {
  const { status, stdout, stderr } = cli(home, ['verify', '--json']);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; isSound: boolean }[] };
  expect(checks.filter(({ isSound }) => !isSound)).toEqual([]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}
