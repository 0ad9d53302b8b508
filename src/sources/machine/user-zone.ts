import { type ZoneOffset, zoneOffset } from '../../core/time/period.ts';

/**
 * The user's time zone for programs that have to be fast. The machine's is taken from the local clock of
 * a Date, in microseconds; Intl takes milliseconds to start. An invalid name is ignored.
 */
export function userZone(timezone: string | null): ZoneOffset {
  return (timezone === null ? null : zoneOffset(timezone)) ?? machineZone;
}

function machineZone(atMs: number): number {
  return new Date(atMs).getTimezoneOffset() * -60_000;
}
