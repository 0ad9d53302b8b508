import { readFileSync } from 'node:fs';
import { estimateTokenCount } from 'tokenx';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { CheckFailed, UserError } from '../core/lang/user-error.ts';
import { renderEstimates } from '../render/estimate.ts';
import { reportEstimate } from '../reports/estimate.ts';
import type { DocumentOf } from '../schemas/schema-of.ts';
import type { estimate } from '../schemas/prices.ts';
import { expandPath } from '../sources/machine/paths.ts';
import { defineCommand } from './define.ts';
import { exceededLimit, largePromptWarning, parseEstimateLimits } from './estimate-limits.ts';
import { json } from './flags/json.ts';
import { textFlag } from './flags/text.ts';
import { print, stdoutStyle, warn } from './session/io.ts';
import { currentPrices, currentSettings } from './session/settings.ts';
import { printDocument } from './session/document.ts';

/** The newest model of each family. */
const DEFAULT_MODELS = ['opus', 'sonnet', 'haiku'];

export const estimateCommand = defineCommand({
  positionals: {
    file: { type: 'string', describe: 'A file with the prompt (default: stdin)' },
  },
  flags: {
    model: {
      type: 'string',
      array: true,
      describe: 'One or more models, e.g. --model opus,gpt-4o',
      requiresArg: true,
    },
    'max-tokens': textFlag('Exit 1 if a model would take more tokens than this'),
    'max-usd': textFlag('Exit 1 if the prompt would cost more USD than this with a model'),
    json,
  },
  examples: [
    ['tallyhook estimate prompt.md', 'What the prompt costs as input of opus, sonnet and haiku'],
    ['git diff | tallyhook estimate --model sonnet', 'The same for text from stdin'],
    ['tallyhook estimate prompt.md --max-usd 0.50', 'Exit 1 if that is more than $0.50'],
  ],
  handler: (flags) => {
    const limits = parseEstimateLimits(flags);
    const text = readPrompt(flags.file);
    const named = (flags.model ?? []).flatMap((names) => names.split(','));
    const models = named.map((name) => name.trim()).filter((name) => name !== '');
    const tokens = estimateTokenCount(text);
    const requested = models.length > 0 ? models : DEFAULT_MODELS;
    const estimates = reportEstimate(tokens, requested, currentPrices(), Date.now());
    if (flags.json) {
      printDocument<DocumentOf<typeof estimate>>({ characters: text.length, estimates });
    } else print(renderEstimates(estimates, text.length, stdoutStyle()));
    const warning = largePromptWarning(estimates, currentSettings().estimate.warnTokens);
    if (warning !== null) warn(warning);
    const exceeded = exceededLimit(estimates, limits);
    if (exceeded === null) return;
    warn(exceeded);
    throw new CheckFailed(exceeded);
  },
});

/** @throws UserError if there is no prompt, or its file cannot be read */
function readPrompt(file: string | undefined): string {
  if (file === undefined && process.stdin.isTTY) {
    throw new UserError(
      'estimate needs a prompt',
      'Name a file, or pipe the text into the command.',
    );
  }
  const isStdin = file === undefined || file === '-';
  try {
    return readFileSync(isStdin ? 0 : expandPath(file, process.env), 'utf8');
  } catch (error) {
    throw new UserError(`the prompt can't be read from ${file}: ${toErrorMessage(error)}`, null);
  }
}
