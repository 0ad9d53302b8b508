/**
 * Commands that show or raise budgets, which a budget must never block. Anything that could run another
 * command as well (`;`, `&&`, `$(...)`, a second line) does not match.
 */
const COMMAND =
  /^\s*(?:npx\s+(?:-y\s+)?|(?:\S*\/)?node\s+\S+\/(?=cli\.cjs\s)|\S*\/)?(?:tallyhook|cli\.cjs)\s+(?:budget|alerts)(?:\s[^;&|<>$`(){}\r\n\\]*)?(?:2>&1\s*)?$/;

/**
 * How people ask for such a command: `! tallyhook budget ...`, `run tallyhook budget ...`, or the bare
 * command.
 */
const REQUEST =
  /^[\s!`$]*(?:please\s+)?(?:(?:run|execute)[\s:`]+)?(?:npx\s+)?tallyhook\s+(?:budget|alerts)\b/i;

export function isBudgetCommand(shellCommand: string): boolean {
  return COMMAND.test(shellCommand);
}

export function asksForBudgets(prompt: string): boolean {
  return REQUEST.test(prompt.slice(0, 300));
}
