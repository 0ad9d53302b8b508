// A thread of the server: answers routes, reads transcripts, follows the ledger. Built as a file of its own.
import { jsonText } from '../../core/lang/printable.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { WorkerContext } from './context.ts';
import { Follower } from '../jobs/follower.ts';
import { Problem, toProblem } from '../http/problem.ts';
import { refreshLedger } from '../jobs/refresh.ts';
import { allRoutes } from '../routes/index.ts';
import type { WorkerRequest, ThreadStart, WorkerMessage } from './protocol.ts';

const { env, version } = workerData as ThreadStart;
const worker = new WorkerContext(env, version);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
const say = (word: WorkerMessage): void => parentPort?.postMessage(word);
const follower = new Follower(worker, (records) => say({ records }));
let atWork = 0;
let onIdle: (() => void) | null = null;

parentPort?.on('message', (ask: WorkerRequest) => {
  if (ask.kind === 'close') {
    onIdle = () => {
      follower.stop();
      worker.close();
      say({ id: ask.id, text: null });
    };
    if (atWork === 0) onIdle();
    return;
  }
  atWork += 1;
  void answer(ask)
    .then(
      (text) => say({ id: ask.id, text }),
      (error: unknown) => say({ id: ask.id, problem: toProblem(error) }),
    )
    .finally(() => {
      atWork -= 1;
      if (atWork === 0) onIdle?.();
    });
});

async function answer(ask: Exclude<WorkerRequest, { kind: 'close' }>): Promise<string | null> {
  switch (ask.kind) {
    case 'refresh':
      refreshLedger(worker);
      follower.look();
      return null;
    case 'look':
      follower.look();
      return null;
    case 'follow':
      if (ask.isOn) follower.start();
      else follower.pause();
      return null;
    case 'route':
      return answerRoute(ask);
  }
}

async function answerRoute(ask: Extract<WorkerRequest, { kind: 'route' }>): Promise<string | null> {
  const route = allRoutes.get(ask.name);
  if (route === undefined) throw new Problem(404, 'not_found', `there is no route ${ask.name}`);
  const { query, body, receivedAtMs } = ask;
  const asked = { query: query as Record<string, unknown>, body, receivedAtMs };
  const found = await route.respond(asked, worker);
  if (route.answer === null) return found as string | null;
  const checked = route.answer.safeParse(found);
  if (checked.success) return jsonText(checked.data);
  // Ours, not the caller's: a document that is not what the OpenAPI document says is not sent.
  const [issue] = checked.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new Problem(
    500,
    'internal',
    `the answer is not as documented: ${place}: ${issue?.message}`,
  );
}
