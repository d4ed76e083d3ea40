import type { Clock } from '#ports/clock';
import type { Observation } from '#ports/cluster';
import type { HostSight } from '#ports/host';
import type { Sight } from '#ports/world';
import { type Gate, second } from './step.ts';

/** How often a gate looks again although nothing that it read has changed: time itself may decide ("failing for 60 s"). */
const lookAnyway = 15 * second;
/** Hosts send no events, so a gate that reads one looks again by itself. */
const lookAtHost = 2 * second;

/** A sight that knows what was read through it and when to look again. */
export class Watch {
  readonly sight: Sight;
  readonly #observation: Observation;
  #readHost = false;

  constructor(sight: Sight) {
    this.#observation = sight.cluster.observe();
    this.sight = {
      host: noticing(sight.host, () => {
        this.#readHost = true;
      }),
      cluster: this.#observation.sight,
      bundle: sight.bundle,
      now: () => sight.now(),
      intended: (target) => sight.intended(target),
      agreed: (target) => sight.agreed(target),
    };
  }

  close(): void {
    this.#observation.close();
  }

  /** Settles when it is worth looking again, after `left` milliseconds at the latest; rejects when the signal aborts. */
  async next(gate: Gate, left: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const every = gate.every ?? (this.#readHost ? lookAtHost : lookAnyway);
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const changed = this.#observation.changed(either);
    const slept = clock.sleep(Math.min(every, left), either);
    try {
      await Promise.race([changed, slept]);
    } finally {
      changed.catch(ignore);
      slept.catch(ignore);
      over.abort();
    }
  }
}

function ignore(): void {}

/** A host that says when it has been looked at: hosts send no events, so such a gate has to look again by itself. */
function noticing(host: HostSight, notice: () => void): HostSight {
  const with_ = <Words extends readonly unknown[], Found>(look: (...words: Words) => Found) => {
    return (...words: Words): Found => {
      notice();
      return look(...words);
    };
  };
  return {
    name: host.name,
    ...(host.outOfReach === true ? { outOfReach: true } : {}),
    read: with_((path) => host.read(path)),
    list: with_((path) => host.list(path)),
    look: with_((path) => host.look(path)),
    digest: with_((path) => host.digest(path)),
    ask: with_((question) => host.ask(question)),
  };
}
