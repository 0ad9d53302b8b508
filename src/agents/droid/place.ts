import type { AgentPlace } from '../source.ts';

export function factoryFolder({ home, env }: AgentPlace): string {
  const moved = env['FACTORY_HOME_OVERRIDE'];
  const base = moved === undefined || moved === '' ? home : moved.replaceAll('\\', '/');
  return `${base}/.factory`;
}
