/** Common fields come first in every agent's events, before those of the tool. */
const HEAD_CHARS = 4096;

/** The source of an agent's `eventSign`, and its name. */
export type EventSign = readonly [sign: string, agent: string];

/**
 * The agent that most likely sent an event, for a registration without `--agent`; null if no sign speaks for
 * one. Quotes inside a JSON text are escaped, so the contents of a tool's result can't look like a field.
 */
export function guessAgent(eventText: string, signs: readonly EventSign[]): string | null {
  const head = eventText.slice(0, HEAD_CHARS);
  return signs.find(([sign]) => new RegExp(sign).test(head))?.[1] ?? null;
}
