import { KEYWORDS, pluginHead } from '../shared/plugin-code.ts';

/**
 * A plugin that starts the command for each event that matters. It passes on no text of a prompt or an
 * answer, and nothing in it can throw: OpenCode would show that to the user.
 */
export function openCodePlugin(command: string): string {
  return pluginHead(command) + BODY;
}

const BODY = `
/** The session that started each subagent's session. */
const parents = new Map();

const findRoot = (id) => {
  for (let depth = 0; depth < 32 && parents.has(id); depth++) id = parents.get(id);
  return id;
};

const send = (name, sessionId, cwd, fields) => {
  const root = findRoot(sessionId);
  start({ hook_event_name: name, session_id: sessionId, root_session_id: root, cwd, ...fields });
};

const pickInfo = (info) => ({
  id: info?.id,
  sessionID: info?.sessionID,
  role: info?.role,
  parentID: info?.parentID,
  agent: info?.agent ?? info?.mode,
  time: info?.time,
});

const SESSION_EVENTS = ['session.created', 'session.idle', 'session.error', 'session.deleted'];

${KEYWORDS.export} const Tallyhook = async ({ directory }) => ({
  event: async ({ event }) => {
    const { info, sessionID } = event?.properties ?? {};
    if (event?.type === 'session.created' && info?.parentID) parents.set(info.id, info.parentID);
    const isAnswer = event?.type === 'message.updated' && info?.role === 'assistant';
    // A message is updated often; its usage is there once it has ended.
    if (!SESSION_EVENTS.includes(event?.type) && !(isAnswer && info.time?.completed)) return;
    const id = sessionID ?? (isAnswer ? info.sessionID : info?.id);
    send(event.type, id, directory, { properties: { info: pickInfo(info) } });
  },
  'tool.execute.after': async (input, output) => {
    send('tool.execute.after', input?.sessionID, directory, {
      input: { tool: input?.tool, sessionID: input?.sessionID, callID: input?.callID },
      output: { metadata: { exit: output?.metadata?.exit } },
    });
  },
});
`;
