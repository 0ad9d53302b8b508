// Small builders for the answers of the scripted API: steps of content and usage.

/** The usage object in the vendor's format. */
export interface WireUsage {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
  cache_creation: { ephemeral_5m_input_tokens: number; ephemeral_1h_input_tokens: number };
  server_tool_use?: { web_search_requests: number };
  service_tier: string;
  speed: string;
  inference_geo: string;
}

/** The outcome of a tool call; `none`: the session ends first. */
export type ToolOutcome = 'ok' | 'failed' | 'none';

export interface TextBlock {
  type: 'text';
  text: string;
}

export interface ToolBlock {
  type: 'tool_use';
  name: string;
  input: Record<string, unknown>;
  outcome: ToolOutcome;
}

export type Block = TextBlock | ToolBlock;

/** The usage of a response, if it depends on the request. */
export type CountUsage = (body: string, content: Block[]) => WireUsage;

export interface Step {
  content: Block[];
  usage: WireUsage | CountUsage;
  /** Milliseconds from the last block to the final usage, during which the tools run. */
  tailMs?: number;
  /** Answers with this HTTP error instead. */
  status?: number;
}

/** Steps by thread: `main`, or the name that a subagent's prompt is marked with (`startAgent`). */
export type Scenario = Record<string, Step[]>;

let serial = 0;

/** A usage that is unique in the process, so that errors can't cancel out. */
export function usage(over: Partial<WireUsage> = {}): WireUsage {
  serial += 1;
  return {
    input_tokens: 5 + serial,
    output_tokens: 101 + 7 * serial,
    cache_read_input_tokens: 1000 + 13 * serial,
    ...writes(300 + 17 * serial, 0),
    service_tier: 'standard',
    speed: 'standard',
    inference_geo: 'not_available',
    ...over,
  };
}

/** Cache writes with a lifetime of five minutes and of an hour. */
export function writes(
  for5m: number,
  for1h: number,
): Pick<WireUsage, 'cache_creation_input_tokens' | 'cache_creation'> {
  return {
    cache_creation_input_tokens: for5m + for1h,
    cache_creation: { ephemeral_5m_input_tokens: for5m, ephemeral_1h_input_tokens: for1h },
  };
}

/** One answer of the model. */
export function answer(content: Block[], over: Partial<Step> = {}): Step {
  return { content, usage: usage(), ...over };
}

export function say(text: string): TextBlock {
  return { type: 'text', text };
}

export function call(
  name: string,
  input: Record<string, unknown>,
  outcome: ToolOutcome = 'ok',
): ToolBlock {
  return { type: 'tool_use', name, input, outcome };
}

export function bash(command: string, outcome: ToolOutcome = 'ok'): ToolBlock {
  return call('Bash', { command, description: 'A scripted command' }, outcome);
}

/** Starts a subagent whose answers come from the scenario's thread of that name. */
export function startAgent(
  thread: string,
  input: Record<string, unknown> = {},
  outcome: ToolOutcome = 'ok',
): ToolBlock {
  const prompt = `<thread:${thread}> Do your work and report.`;
  const description = `Work of ${thread}`;
  return call(
    'Agent',
    { description, prompt, subagent_type: 'general-purpose', ...input },
    outcome,
  );
}

/** An HTTP error, after which the client retries. */
export function failure(status: number): Step {
  return { content: [], usage: usage(), status };
}

const MARK = /<thread:([\w-]+)>/;

/** The thread that a conversation's first message belongs to. */
export function threadOf(firstMessage: string): string {
  return MARK.exec(firstMessage)?.[1] ?? 'main';
}
