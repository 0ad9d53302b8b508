import { agentOfEvent } from '../../src/agents/registry.ts';
import { runHook } from '../../src/hook/run.ts';

/** An environment with nothing of the machine in it but what finds programs. */
export function closedEnvironment(extra: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TZ: 'UTC', ...extra };
}

/** The code of the hook in this process: for thousands of events. */
export function callHook(
  event: object | string,
  env: Record<string, string>,
  args: string[] = [],
): void {
  runHook({
    env: closedEnvironment(env),
    args,
    findAgent: agentOfEvent,
    text: typeof event === 'string' ? event : JSON.stringify(event),
    arrivedAtMs: Date.now(),
    isLongLived: true,
  });
}
