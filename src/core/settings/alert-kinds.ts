import {
  ALERT_CHANNELS,
  ALERT_LEVELS,
  type ChannelSettings,
  type Thresholds,
} from '../alert/alert.ts';
import { asObject } from '../lang/json.ts';
import type { Kind } from './kinds.ts';

/** The lowest level that each channel sends, by channel. */
export const channelLevels: Kind<ChannelSettings['levels']> = {
  name: 'levels',
  fault: `is not an object of levels (${ALERT_LEVELS.join(', ')}) by channel (${ALERT_CHANNELS.join(', ')})`,
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

/** A threshold for each level; `false` switches them off. A single number is that of `warning`. */
export function thresholds(what: string): Kind<Thresholds | null> {
  return {
    name: 'thresholds',
    fault: `is neither false nor rising ${what} above zero for ${ALERT_LEVELS.join(', ')}`,
    read: (value) => {
      if (value === false) return null;
      const object = typeof value === 'number' ? { warning: value } : asObject(value);
      if (object === null) return undefined;
      const levels = ALERT_LEVELS.filter((level) => object[level] != null);
      const numbers = levels.map((level) => object[level]);
      const isRising = numbers.every(
        (number, at) =>
          typeof number === 'number' && number > (at === 0 ? 0 : Number(numbers[at - 1])),
      );
      const hasOthers = Object.keys(object).some((key) => !ALERT_LEVELS.some((one) => one === key));
      if (levels.length === 0 || !isRising || hasOthers) return undefined;
      return Object.fromEntries(levels.map((level) => [level, object[level] as number]));
    },
  };
}
