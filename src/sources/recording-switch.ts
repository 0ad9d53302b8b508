import type { Environment } from './paths.ts';

/** Recording is switched off for this process. */
export function isDisabled(env: Environment): boolean {
  return env['TALLYHOOK_DISABLE'] === '1' || env['TRACK_COSTS'] === 'false';
}
