import type { Sandbox } from './sandbox.ts';
import { type Scenario, answer, bash, call, say, startAgent, usage, writes } from './scenario.ts';

/** Parallel tools, a subagent, a failing tool, cache writes for five minutes and for an hour. */
export function tour(box: Sandbox): Scenario {
  const file_path = `${box.project}/a.txt`;
  return {
    main: [
      answer([say('Looking.'), bash('ls -la'), bash('echo hi')], {
        usage: usage(writes(4000, 5000)),
      }),
      answer([call('Write', { file_path, content: 'hello\n' })]),
      answer([startAgent('reader')]),
      answer([bash('false', 'failed')]),
      answer([say('All done.')]),
    ],
    reader: [answer([call('Read', { file_path })]), answer([say('It says hello.')])],
  };
}
