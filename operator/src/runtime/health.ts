import type { ReflectorHealth } from '#kube/reflector-health';
import type { Insight } from './insight.ts';
import type { Pulse } from './pulse.ts';
import { maySpeak } from './standing.ts';
import type { Time } from './time.ts';

/** One thing that must be so; undefined when it is, else the half sentence that says what is wrong. */
export interface Check {
  readonly name: string;
  look(): string | undefined;
}

/** A watch that lives hears a bookmark each minute and is opened again each ten; milliseconds. */
const deadAfter = 5 * 60_000;

/** Whether the process is of use: what fails here is mended by starting it anew. */
export function healthChecks(insight: Insight, pulse: Pulse, time: Time): readonly Check[] {
  return [
    { name: 'event-loop', look: () => pulse.trouble() },
    { name: 'watches', look: () => deadWatches(insight.caches(), time.elapsed()) },
    { name: 'lease', look: () => lapsedLease(insight, time.elapsed()) },
  ];
}

/** Whether it knows what there is; a standby does as well. */
export function readyChecks(insight: Insight): readonly Check[] {
  return [{ name: 'caches', look: () => unsynced(insight.caches()) }];
}

function deadWatches(caches: readonly ReflectorHealth[], elapsed: number): string | undefined {
  const dead = caches.filter((one) => one.needed && !one.dormant && elapsed - one.lastHeard > deadAfter);
  return dead.length === 0 ? undefined : `nothing heard for five minutes of ${names(dead)}`;
}

/** Who leads without asking has nothing to renew. */
function lapsedLease({ standing }: Insight, elapsed: number): string | undefined {
  if (!standing.leading || maySpeak(standing, elapsed)) return undefined;
  return 'the lease has not been renewed in time';
}

function unsynced(caches: readonly ReflectorHealth[]): string | undefined {
  if (caches.length === 0) return 'nothing is watched yet';
  const waiting = caches.filter((one) => one.needed && !one.synced && !one.dormant);
  return waiting.length === 0 ? undefined : `not listed yet: ${names(waiting)}`;
}

function names(caches: readonly ReflectorHealth[]): string {
  return [...new Set(caches.map((one) => one.kind))].join(', ');
}
