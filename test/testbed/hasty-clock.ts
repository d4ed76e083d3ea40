import { systemClock } from '#adapters/system-clock';
import type { Clock } from '#ports/clock';

/** No pause is shorter than this: what looks again and again is to leave the processor to others. Milliseconds. */
const shortest = 20;

/** The real time, for whoever sleeps only a fraction of what he means to: doubles that take minutes take a second. */
export function hastyClock(factor: number): Clock {
  const clock = systemClock();
  const brief = (milliseconds: number) => Math.max(milliseconds * factor, Math.min(milliseconds, shortest));
  return { ...clock, sleep: (milliseconds, signal) => clock.sleep(brief(milliseconds), signal) };
}
