import { readFileSync } from 'node:fs';
import { estimateTokenCount } from 'tokenx';
import { jsonText } from '../core/lang/printable.ts';
import { messageOf } from '../core/lang/message-of.ts';
import { UserError } from '../core/lang/user-error.ts';
import { renderEstimates } from '../render/estimate.ts';
import { type EstimateRange, reportEstimate } from '../reports/estimate.ts';
import { expandPath } from '../sources/machine/paths.ts';
import { defineCommand } from './define.ts';
import { json } from './flags/json.ts';
import { currentPrices, print, stdoutStyle } from './session/ledger.ts';

/** The newest of each. */
const DEFAULT_MODELS = ['opus', 'sonnet', 'haiku'];

export const estimateCommand = defineCommand({
  positionals: {
    file: { type: 'string', describe: 'A file with the prompt; without: stdin' },
  },
  flags: {
    model: {
      type: 'string',
      array: true,
      describe: 'One or more models, as in --model opus,gpt-4o',
      requiresArg: true,
    },
    json,
  },
  handler: (flags) => {
    const text = readPrompt(flags.file);
    const named = (flags.model ?? []).flatMap((names) => names.split(','));
    const models = named.map((name) => name.trim()).filter((name) => name !== '');
    const tokens = estimateTokenCount(text);
    const asked = models.length > 0 ? models : DEFAULT_MODELS;
    const estimates = reportEstimate(tokens, asked, currentPrices(), Date.now());
    if (!flags.json) {
      print(renderEstimates(estimates, text.length, stdoutStyle()));
      return;
    }
    const shown = estimates.map((one) => ({ ...one, costUsd: usdOf(one.costNanoUsd) }));
    const document = { schemaVersion: 1, characters: text.length, estimates: shown };
    print(jsonText(document, 2));
  },
});

/** @throws UserError where there is nothing to read */
function readPrompt(file: string | undefined): string {
  if (file === undefined && process.stdin.isTTY) {
    throw new UserError('there is no prompt', 'Name a file, or pipe the text in.');
  }
  const isStdin = file === undefined || file === '-';
  try {
    return readFileSync(isStdin ? 0 : expandPath(file, process.env), 'utf8');
  } catch (error) {
    throw new UserError(`the prompt can't be read from ${file}: ${messageOf(error)}`, null);
  }
}

function usdOf(cost: EstimateRange | null): EstimateRange | null {
  if (cost === null) return null;
  return { low: cost.low / 1e9, mid: cost.mid / 1e9, high: cost.high / 1e9 };
}
