import { asObject, parseJson } from '../core/lang/json.ts';

/** Common fields come first in every agent's events, before those of the tool. */
const HEAD_CHARS = 4096;

/** The source of an agent's `eventSign`, and its name. */
export type EventSign = readonly [sign: string, agent: string];

/**
 * The agent that most likely sent an event, for a registration without `--agent`; null if no sign speaks for
 * one. Only an event with a sign is parsed for it.
 */
export function guessAgent(eventText: string, signs: readonly EventSign[]): string | null {
  const head = eventText.slice(0, HEAD_CHARS);
  const possible = signs.filter(([sign]) => new RegExp(sign).test(head));
  if (possible.length === 0) return null;
  const fields = ownFields(eventText);
  return possible.find(([sign]) => new RegExp(sign).test(fields))?.[1] ?? null;
}

/** The event without what is inside its fields: a tool may be given anything, also another agent's event. */
function ownFields(eventText: string): string {
  const event = asObject(parseJson(eventText));
  if (event === null) return '';
  return JSON.stringify(event, (name, value: unknown) =>
    name !== '' && typeof value === 'object' ? null : value,
  );
}
