import { ENFORCING_HOOKS, RECORDING_HOOKS } from './recording-hooks.ts';

/**
 * The `hooks` of Claude Code's settings that send events to a server instead of starting a program. The client
 * sends none at the start of a session; what that would tell stands in the transcript too.
 * @param token goes into a header as it is
 * @param isEnforcing with those that let a budget stop the work
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
