/**
 * What shows or raises budgets, so that no budget may keep anybody from it. Everything that could
 * run something else beside it (`;`, `&&`, `$(...)`, a second line) makes it another command.
 */
const COMMAND =
  /^\s*(?:npx\s+(?:-y\s+)?|(?:\S*\/)?node\s+\S+\/(?=cli\.cjs\s)|\S*\/)?(?:tallyhook|cli\.cjs)\s+(?:budget|alerts)(?:\s[^;&|<>$`(){}\r\n\\]*)?(?:2>&1\s*)?$/;

/** How people ask for it: `! tallyhook budget ...`, `run tallyhook budget ...`, or as it is. */
const REQUEST =
  /^[\s!`$]*(?:please\s+)?(?:(?:run|execute)[\s:`]+)?(?:npx\s+)?tallyhook\s+(?:budget|alerts)\b/i;

export function isBudgetCommand(shellCommand: string): boolean {
  return COMMAND.test(shellCommand);
}

export function asksForBudgets(prompt: string): boolean {
  return REQUEST.test(prompt.slice(0, 300));
}
