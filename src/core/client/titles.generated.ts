// Generated from src/agents/registry.ts by `npm run schemas`.
/** The proper names of the agents whose requests are recorded, by the name in the `client` column. */
export const CLIENT_TITLES: Readonly<Record<string, string>> = {
  "claude-code": "Claude Code",
  "codex": "Codex CLI",
  "gemini": "Gemini CLI",
  "qwen": "Qwen Code",
  "copilot": "GitHub Copilot CLI",
  "opencode": "OpenCode",
  "cline": "Cline",
  "droid": "Factory droid",
  "pi": "Pi",
};
