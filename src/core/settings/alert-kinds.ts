import {
  ALERT_CHANNELS,
  ALERT_LEVELS,
  type ChannelSettings,
  type Thresholds,
} from '../alert/alert.ts';
import { asObject } from '../lang/json.ts';
import type { Kind } from './kinds.ts';

/** Levels of single channels. */
export const channelLevels: Kind<ChannelSettings['levels']> = {
  name: 'levels',
  fault: `is no object with one of ${ALERT_LEVELS.join(', ')} for some of ${ALERT_CHANNELS.join(', ')}`,
  read: (value) => {
    const object = asObject(value);
    if (object === null) return undefined;
    const isKnown = Object.entries(object).every(
      ([channel, level]) =>
        ALERT_CHANNELS.some((one) => one === channel) && ALERT_LEVELS.some((one) => one === level),
    );
    return isKnown ? object : undefined;
  },
};

/** What each level takes; `false` switches it off. One number is what a warning takes. */
export function thresholds(what: string): Kind<Thresholds | null> {
  return {
    name: 'thresholds',
    fault: `is neither false nor ${what} above zero for some of ${ALERT_LEVELS.join(', ')}, rising`,
    read: (value) => {
      if (value === false) return null;
      const object = typeof value === 'number' ? { warning: value } : asObject(value);
      if (object === null) return undefined;
      const known = ALERT_LEVELS.filter((level) => object[level] != null);
      const numbers = known.map((level) => object[level]);
      const isRising = numbers.every(
        (number, at) =>
          typeof number === 'number' && number > (at === 0 ? 0 : Number(numbers[at - 1])),
      );
      const hasOthers = Object.keys(object).some((key) => !ALERT_LEVELS.some((one) => one === key));
      if (known.length === 0 || !isRising || hasOthers) return undefined;
      return Object.fromEntries(known.map((level) => [level, object[level] as number]));
    },
  };
}
