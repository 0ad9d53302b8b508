import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HookEvent } from '../../src/core/hook/event.ts';
import type { ParsedEvent } from '../../src/agents/types.ts';
import { type ExpectedRequest, expectedRequests } from './agent-files.ts';
import { sharedFolder } from './shared.ts';

/** A session of a real agent, with what the server sent to it. */
export interface AgentRun {
  name: string;
  /** The agent's own files, at their paths below this home folder. */
  home: string;
  expected: ExpectedRequest[];
  /** The events that its hooks received. */
  events: string[];
}

/** The recorded runs of an agent; none if they are not here. */
export function agentRuns(agent: string): AgentRun[] {
  const folder = sharedFolder(`real/other-agents/${agent}`);
  if (folder === null) return [];
  return readdirSync(folder).map((name) => {
    const run = join(folder, name);
    return {
      name,
      home: join(run, 'home'),
      expected: expectedRequests(join(run, 'expected.json')),
      events: linesOf(join(run, 'events.jsonl')),
    };
  });
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/** The counts alone, where a log does not name the model that answered. */
export function withoutModels(requests: ExpectedRequest[]): Omit<ExpectedRequest, 'model'>[] {
  return requests
    .map(({ model: _model, ...counts }) => counts)
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The event of a text that must hold one. */
export function eventIn(parsed: ParsedEvent): HookEvent {
  if (parsed.kind !== 'event') throw new Error(`not an event: ${JSON.stringify(parsed)}`);
  return parsed.event;
}
