import { expect, test } from 'vitest';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { ModelUsage } from './result-reader.ts';
import { answer, bash, call, failure, say, startAgent, usage } from './scenario.ts';
import type { ServedCall } from './scripted-api.ts';

withEachClient((open, version) => {
  test('web searches', async () => {
    const box = open();
    const searched = usage({ server_tool_use: { web_search_requests: 3 } });
    const { result } = await box.run({
      main: [answer([say('Found.'), bash('echo found')], { usage: searched })],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test("WebSearch: its inner call is the client's own errand", async () => {
    const box = open();
    const searched = usage({ server_tool_use: { web_search_requests: 1 } });
    const { result, calls } = await box.run({
      main: [answer([call('WebSearch', { query: 'nano dollars' })]), answer([say('Found.')])],
      aside: [answer([say('A result.')], { usage: searched })],
    });
    const isUnseen = ({ thread }: ServedCall) => thread === 'aside';
    expect(calls.filter(isUnseen)).toHaveLength(1);
    const { held, due } = audit(box, { said: [result.modelUsage], isUnseen });
    expect(held).toEqual(due);
  });

  test('inference in the US', async () => {
    const box = open();
    const inUs = () => ({ usage: usage({ inference_geo: 'us' }) });
    const { result, calls } = await box.run({
      main: [
        answer([bash('echo us')], inUs()),
        answer([startAgent('agent')], inUs()),
        ...Array.from({ length: 4 }, () => answer([say('Done.')], inUs())),
      ],
      agent: [answer([say('Here.')], inUs())],
    });
    expect(calls.filter((served) => served.usage.inference_geo !== 'us')).toEqual([]);
    // 2.1.197 leaves the regional tenth out of its own total.
    const factor = version === '2.1.197' ? 1.1 : 1;
    const { held, due } = audit(box, { said: [timesPrice(result.modelUsage, factor)] });
    expect(held).toEqual(due);
  });

  test('fast mode', async () => {
    const box = open();
    const fast = () => ({ usage: usage({ speed: 'fast' }) });
    const { result } = await box.run({
      main: [answer([bash('echo fast')], fast()), answer([startAgent('agent')], fast())],
      agent: [answer([say('Here.')], fast())],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('errors of the API, asked again', async () => {
    const box = open();
    const { result, calls } = await box.run({
      main: [
        failure(529),
        failure(500),
        answer([bash('echo after all')]),
        failure(529),
        answer([startAgent('unlucky')]),
      ],
      unlucky: [failure(500), answer([bash('echo lucky')]), answer([say('Done.')])],
    });
    expect(calls.filter(({ status }) => status !== 200)).toHaveLength(4);
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });
});

function timesPrice(said: ModelUsage, factor: number): ModelUsage {
  const entries = Object.entries(said);
  return Object.fromEntries(
    entries.map(([model, one]) => [model, { ...one, costUSD: one.costUSD * factor }]),
  );
}
