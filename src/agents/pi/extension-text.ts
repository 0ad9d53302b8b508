import { KEYWORDS, pluginHead } from '../shared/plugin-code.ts';

/**
 * An extension that starts the command for each event that matters. It passes on no text of a prompt or an
 * answer, returns nothing to Pi, and nothing in it can throw.
 */
export function piExtension(command: string): string {
  return pluginHead(command) + BODY;
}

/** When a message ends, it is not yet in the session's file; when a tool has run, it is. */
const BODY = `
const send = (name, event, ctx) => {
  let file;
  try {
    file = ctx?.sessionManager?.getSessionFile();
  } catch {}
  if (!file) return;
  const { toolName, toolCallId, isError } = event ?? {};
  start({ name, file, cwd: ctx.cwd, event: { toolName, toolCallId, isError } });
};

${KEYWORDS.export} default function (pi) {
  for (const name of ['session_start', 'tool_result', 'agent_end', 'session_shutdown']) {
    pi.on(name, (event, ctx) => send(name, event, ctx));
  }
}
`;
