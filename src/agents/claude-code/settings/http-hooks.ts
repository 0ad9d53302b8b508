import { ENFORCING_HOOKS, RECORDING_HOOKS } from './recording-hooks.ts';

/**
 * The `hooks` of Claude Code's settings that send events to a server instead of starting a program. Claude
 * Code sends none at the start of a session; that information is also in the transcript.
 * @param token is inserted into a header unchanged
 * @param isEnforcing also includes the hooks that let a budget stop a session
 */
export function httpHooks(url: string, token: string, isEnforcing: boolean): object {
  const wanted = [...RECORDING_HOOKS, ...(isEnforcing ? ENFORCING_HOOKS : [])];
  const events = wanted.filter(({ event }) => event !== 'SessionStart');
  const hooks = events.map(({ event, matcher, timeoutSeconds }) => {
    const headers = { authorization: `Bearer ${token}` };
    const entry = { type: 'http', url, headers, timeout: timeoutSeconds };
    return [event, [{ ...(matcher === null ? {} : { matcher }), hooks: [entry] }]];
  });
  return { hooks: Object.fromEntries(hooks) };
}
