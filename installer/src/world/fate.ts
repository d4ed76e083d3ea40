import type { Entry } from '#ports/journal';
import type { PlannedMishap } from './planned-mishap.ts';
import type { SimulatedWorld } from './simulated.ts';

/** What is still to go wrong in a rehearsal, and what has and is not mended yet. */
export class Fate {
  readonly #pending: PlannedMishap[];
  readonly #world: SimulatedWorld;
  #struck: PlannedMishap[] = [];
  #mended: readonly PlannedMishap[] = [];

  constructor(planned: readonly PlannedMishap[], world: SimulatedWorld) {
    this.#pending = [...planned];
    this.#world = world;
  }

  /** Lets strike what was planned for the place that a run has come to; returns what there is to tell. */
  meet(entry: Entry): readonly string[] {
    if (entry.event === 'run-began') return this.#tellMended();
    const place = entry.event === 'phase-began' ? entry.phase : entry.event === 'step-began' ? entry.step : undefined;
    const due = this.#pending.filter(({ at }) => at === place);
    for (const planned of due) {
      this.#pending.splice(this.#pending.indexOf(planned), 1);
      this.#struck.push(planned);
      planned.mishap.strike(this.#world.stage, planned.at);
    }
    return due.map(({ mishap, at }) => `mishap ${mishap.name}@${at}: ${mishap.summary}`);
  }

  /** Mends what has struck, as a person on site would have done. False when nothing had: then the fault is not of fate. */
  mend(): boolean {
    for (const { mishap } of this.#struck) mishap.mend?.(this.#world.stage);
    this.#mended = this.#struck;
    this.#struck = [];
    return this.#mended.length > 0;
  }

  #tellMended(): readonly string[] {
    const mended = this.#mended.filter(({ mishap }) => mishap.mend !== undefined);
    this.#mended = [];
    return mended.map(({ mishap, at }) => `mended: ${mishap.name}@${at}`);
  }
}
