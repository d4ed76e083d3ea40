import { setTimeout } from 'node:timers/promises';
import type { Clock } from '#ports/clock';

/** The clock of this machine. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    async sleep(milliseconds, signal) {
      try {
        await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        throw signal?.aborted === true ? signal.reason : error;
      }
    },
  };
}
