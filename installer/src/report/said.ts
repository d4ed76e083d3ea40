import { formatSpan } from '#engine/span';
import type { ChangeRecord, Outcome } from '#ports/journal';

/** A span of seconds for people: `0.4 s`, `12 s`, `3 min 20 s`. */
export function span(seconds: number): string {
  if (seconds > 0 && seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  return seconds === 0 ? '0 s' : formatSpan(seconds * 1000);
}

/** `1 change`, `3 changes`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Seconds since the run began, as a clock shows them: `0:07`, `12:40`, `1:02:03`. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number: number) => String(number).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** A change in one line, as plan, confirmation, journal and report print it. */
export function change({ what, from, to }: ChangeRecord): string {
  if (from !== undefined && to !== undefined) return `${what}: ${from} → ${to}`;
  if (to !== undefined) return `${what}: ${to}`;
  return from === undefined ? what : `${what}: ${from} → nothing`;
}

/** What became of a run, as an end of a sentence that starts with the run. */
export const outcomes: Readonly<Record<Outcome | 'running', string>> = {
  done: 'done',
  failed: 'failed',
  'timed-out': 'gave up waiting',
  interrupted: 'interrupted, safe to repeat',
  refused: 'refused',
  rebooting: 'restarting the machine, goes on by itself',
  cut: 'cut off, safe to repeat',
  running: 'running, or cut off by a power failure',
};

/** `2026-11-21 06:00:12 UTC` */
export function moment(iso: string): string {
  return iso === '' ? 'unknown' : `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
