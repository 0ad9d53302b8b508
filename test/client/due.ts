import { computeCost, lookupPrice } from '../../src/pricing/cost.ts';
import { parseAnthropicUsage } from '../../src/core/usage/parse-anthropic.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import type { RecordedCall, ToolUses } from './recorded.ts';
import { type ToolOutcome, threadOf } from './scenario.ts';
import type { ServedCall, ServedTool } from './scripted-api.ts';

/** What the ledger must contain for the served calls. */
export class Due {
  readonly #calls: ServedCall[];
  readonly #prompts: Map<string, string>;

  /** @param prompts by session and message, of main threads */
  constructor(calls: ServedCall[], prompts: Map<string, string>) {
    this.#calls = calls;
    this.#prompts = prompts;
  }

  /** @param isIncomplete the transcript has only the counts that the message started with */
  recordOf(call: ServedCall, isIncomplete: boolean): RecordedCall {
    const usage = isIncomplete ? { ...call.usage, output_tokens: 1 } : call.usage;
    const parsed = parseAnthropicUsage(usage, call.model);
    const { row } = lookupPrice(builtinPrices(), call.model, Date.now(), 'none');
    if (parsed === null || row === null) throw new Error(`no usage or no price: ${call.model}`);
    const starter = this.#starterOf(call);
    return {
      sessionId: call.sessionId,
      messageId: call.messageId,
      requestId: call.requestId,
      model: call.model,
      ...parsed.usage,
      speed: call.usage.speed,
      inferenceGeo: call.usage.inference_geo,
      costNanoUsd: computeCost(parsed, row),
      isOutputFinal: isIncomplete ? 0 : 1,
      taskType: starter === null ? 'main' : 'subagent',
      toolName: call.tools[0]?.name ?? null,
      agentType: starter === null ? null : String(starter.tool.input['subagent_type']),
      startedBy: starter?.tool.id ?? null,
      promptId: this.#promptOf(call),
      isParentRight: 1,
    };
  }

  #promptOf(call: ServedCall): string | null {
    const starter = this.#starterOf(call);
    if (starter !== null) return this.#promptOf(starter.call);
    return this.#prompts.get(`${call.sessionId} ${call.messageId}`) ?? null;
  }

  #starterOf({ thread }: ServedCall): { call: ServedCall; tool: ServedTool } | null {
    for (const call of this.#calls) {
      const tool = call.tools.find(({ name, input }) => {
        return name === 'Agent' && threadOf(String(input['prompt'])) === thread;
      });
      if (tool !== undefined) return { call, tool };
    }
    return null;
  }
}

const FAILED: Record<ToolOutcome, number | null> = { ok: 0, failed: 1, none: null };

/** The tool calls that the ledger must contain. */
export function toolUsesOf(calls: ServedCall[]): ToolUses {
  const tools = calls.flatMap((call) => call.tools);
  return Object.fromEntries(
    tools.map(({ id, name, outcome }) => [id, { name, isFailed: FAILED[outcome] }]),
  );
}
