import { fromEnvironment } from '../../core/settings/resolve.ts';
import type { Environment } from '../machine/paths.ts';

/** Whether recording is switched off for this process. */
export function isDisabled(env: Environment): boolean {
  return fromEnvironment('recording', env)?.value === false;
}
