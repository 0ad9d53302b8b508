import { acknowledgedAnswer } from '../../schemas/answers/limits.ts';
import * as z from 'zod';
import { acknowledgeAlerts } from '../../store/alerts/acknowledge.ts';
import { MAX_CHANGE_BYTES, checkedBody, ensureWritable } from '../http/changes.ts';
import { Problem } from '../http/problem.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';

const number = z.int().min(1);

/** As `tallyhook alerts ack` takes it. */
const wanted = z.strictObject({
  numbers: z
    .union([z.array(number).min(1).max(1000), z.literal('all')], {
      error: "is no list of alerts' numbers, and not all",
    })
    .describe("The alerts' numbers, as in [12, 13]; all: every one that there is"),
});

export const acknowledgeRoute = route({
  method: 'post',
  path: '/api/costs/alerts/acknowledge',
  summary: 'Marks alerts as seen, as `tallyhook alerts ack` does; what waits of them is not sent',
  access: 'change',
  query: z.strictObject({}),
  body: { maxBytes: MAX_CHANGE_BYTES, describe: 'Which alerts', schema: wanted },
  refusals: [404],
  answer: acknowledgedAnswer,
  thread: 'reports',
  respond: ({ body, receivedAtMs }, desk) =>
    desk.ledger((db) => {
      ensureWritable(db);
      const { numbers } = checkedBody(wanted, body);
      const which = numbers === 'all' ? null : numbers;
      const { acknowledged, unknown } = acknowledgeAlerts(db, which, receivedAtMs);
      if (unknown !== null) {
        throw new Problem(404, 'not_found', `there is no alert ${unknown}`, 'numbers');
      }
      return { ...answerHead(receivedAtMs), acknowledged };
    }),
});
