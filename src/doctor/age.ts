import { MINUTE_MS } from '../core/time/units.ts';

export function formatAge(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2 * 24 * 60
    ? `${Math.floor(minutes / 60)} h`
    : `${Math.floor(minutes / 60 / 24)} days`;
}
