import { expect, test } from 'vitest';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import { answer, bash, call, failure, say, startAgent, usage } from './scenario.ts';

withEachClient((open) => {
  test('web searches', async () => {
    const box = open();
    const searched = usage({ server_tool_use: { web_search_requests: 3 } });
    const { result } = await box.run({
      main: [answer([say('Found.'), bash('echo found')], { usage: searched })],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test("WebSearch: its inner call is the client's own", async () => {
    const box = open();
    const { result } = await box.run({
      main: [answer([call('WebSearch', { query: 'nano dollars' })]), answer([say('Found.')])],
      aside: [
        answer([say('A result.')], {
          usage: usage({ server_tool_use: { web_search_requests: 1 } }),
        }),
      ],
    });
    const isUnseen = ({ thread }: { thread: string }): boolean => thread === 'aside';
    const { held, due } = audit(box, { said: [result.modelUsage], isUnseen });
    expect(held).toEqual(due);
  });

  test('inference in the US', async () => {
    const box = open();
    const inUs = () => ({ usage: usage({ inference_geo: 'us' }) });
    const { result } = await box.run({
      main: [answer([bash('echo us')], inUs()), answer([startAgent('agent')], inUs())],
      agent: [answer([say('Here.')], inUs())],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
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
