import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { agentOfEvent } from '../../agents/registry.ts';
import { runHookSteps } from '../../hook/run.ts';
import type { WorkerContext } from '../workers/context.ts';
import { type RouteInput, route } from '../http/route.ts';

/** Far more than any event needs. The transcript lines of a refused event are read at the next one. */
const MAX_BYTES = 32 * 1024 * 1024;

const query = z.strictObject({
  agent: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('The agent that sends the event; default: Claude Code'),
});

export const hookRoute = route({
  method: 'post',
  path: '/hook',
  summary: 'Records a hook event; the answer is what the command hook would print (usually empty)',
  access: 'ingest',
  query,
  body: {
    maxBytes: MAX_BYTES,
    describe: 'The event as the agent sends it',
    schema: z.looseObject({}),
  },
  answer: null,
  thread: 'hooks',
  respond: recordEvent,
});

/** Runs the hook's code in this process. It waits with timers, so that events do not block each other. */
async function recordEvent(
  { query: { agent }, body, receivedAtMs }: RouteInput<z.output<typeof query>>,
  worker: WorkerContext,
): Promise<string | null> {
  const steps = runHookSteps({
    env: worker.env,
    args: agent === undefined ? [] : ['--agent', agent],
    findAgent: agentOfEvent,
    text: new TextDecoder().decode(body),
    arrivedAtMs: receivedAtMs,
    isLongLived: true,
    connections: worker,
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await wait(step.value);
  }
}
