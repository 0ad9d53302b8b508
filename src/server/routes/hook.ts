import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { runHookSteps } from '../../hook/run.ts';
import type { WorkerContext } from '../workers/context.ts';
import { type RouteInput, route } from '../http/route.ts';

/** Far more than any event; what a larger one would have told is read at the next. */
const MAX_BYTES = 32 * 1024 * 1024;

const query = z.strictObject({
  agent: z.string().min(1).max(100).optional().describe('Whose event it is; else Claude Code’s'),
});

export const hookRoute = route({
  method: 'post',
  path: '/hook',
  summary: "An agent's event; answered is what the command hook would print, as a rule nothing",
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

/** The hook executable's own code, in a process that is warm: it waits by timers, so no event waits for another. */
async function recordEvent(
  { query: { agent }, body, receivedAtMs }: RouteInput<z.output<typeof query>>,
  worker: WorkerContext,
): Promise<string | null> {
  const steps = runHookSteps({
    env: worker.env,
    args: agent === undefined ? [] : ['--agent', agent],
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
