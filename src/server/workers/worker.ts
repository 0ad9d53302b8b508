// A worker of the server: answers routes, reads transcripts, follows the ledger. Built as a separate file.
import { jsonText } from '../../core/lang/printable.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { WorkerContext } from './context.ts';
import { Follower } from '../jobs/follower.ts';
import { Problem, toProblem } from '../http/problem.ts';
import { refreshLedger } from '../jobs/refresh.ts';
import { allRoutes } from '../routes/index.ts';
import type { WorkerRequest, ThreadStart, WorkerMessage } from './protocol.ts';

type RouteRequest = Extract<WorkerRequest, { kind: 'route' }>;

const { env, version } = workerData as ThreadStart;
const worker = new WorkerContext(env, version);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window's
const post = (message: WorkerMessage): void => parentPort?.postMessage(message);
const follower = new Follower(worker, (records) => post({ records }));
let inProgress = 0;
let onIdle: (() => void) | null = null;

parentPort?.on('message', (request: WorkerRequest) => {
  if (request.kind === 'close') {
    onIdle = () => {
      follower.stop();
      worker.close();
      post({ id: request.id, text: null });
    };
    if (inProgress === 0) onIdle();
    return;
  }
  inProgress += 1;
  void answer(request)
    .then(
      (text) => post({ id: request.id, text }),
      (error: unknown) => post({ id: request.id, problem: toProblem(error) }),
    )
    .finally(() => {
      inProgress -= 1;
      if (inProgress === 0) onIdle?.();
    });
});

async function answer(request: Exclude<WorkerRequest, { kind: 'close' }>): Promise<string | null> {
  switch (request.kind) {
    case 'refresh':
      refreshLedger(worker);
      follower.check();
      return null;
    case 'check':
      follower.check();
      return null;
    case 'follow':
      if (request.isOn) follower.start();
      else follower.pause();
      return null;
    case 'route':
      return answerRoute(request);
  }
}

async function answerRoute(request: RouteRequest): Promise<string | null> {
  const route = allRoutes.get(request.name);
  if (route === undefined) throw new Problem(404, 'not_found', `there is no route ${request.name}`);
  const { query, body, receivedAtMs } = request;
  const input = { query: query as Record<string, unknown>, body, receivedAtMs };
  const result = await route.respond(input, worker);
  if (route.answer === null) return result as string | null;
  const checked = route.answer.safeParse(result);
  if (checked.success) return jsonText(checked.data);
  // Our fault, not the caller's: an answer that contradicts the OpenAPI document is not sent.
  const [issue] = checked.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw new Problem(
    500,
    'internal',
    `the answer does not match its schema: ${path}: ${issue?.message}`,
  );
}
