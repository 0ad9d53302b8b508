import * as z from 'zod';
import { acknowledgeBody } from '../../schemas/bodies.ts';
import { acknowledgedAnswer } from '../../schemas/answers/limits.ts';
import { acknowledgeAlerts } from '../../store/alerts/acknowledge.ts';
import { MAX_CHANGE_BYTES, checkedBody, ensureWritable } from '../http/changes.ts';
import { Problem } from '../http/problem.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';

export const acknowledgeRoute = route({
  method: 'post',
  path: '/api/costs/alerts/acknowledge',
  summary:
    'Acknowledges alerts, as `tallyhook alerts ack` does; their pending deliveries are cancelled',
  access: 'change',
  query: z.strictObject({}),
  body: {
    maxBytes: MAX_CHANGE_BYTES,
    describe: 'Which alerts: their numbers, or "all"',
    schema: acknowledgeBody,
  },
  refusals: [404],
  answer: acknowledgedAnswer,
  thread: 'reports',
  respond: ({ body, receivedAtMs }, worker) =>
    worker.ledger((db) => {
      ensureWritable(db);
      const { numbers } = checkedBody(acknowledgeBody, body);
      const which = numbers === 'all' ? null : numbers;
      const { acknowledged, unknown } = acknowledgeAlerts(db, which, receivedAtMs);
      if (unknown !== null) {
        throw new Problem(404, 'not_found', `there is no alert ${unknown}`, 'numbers');
      }
      return { ...answerHead(receivedAtMs), acknowledged };
    }),
});
