import type { Time } from './time.ts';

/** setTimeout takes no more than this, and fires at once for what is longer. */
const longest = 2 ** 31 - 1;

/** One timer that is set again and again. */
export class WakeUp {
  readonly #time: Time;
  readonly #ring: () => void;
  #set: { readonly due: number; readonly stop: AbortController } | undefined;

  constructor(time: Time, ring: () => void) {
    this.#time = time;
    this.#ring = ring;
  }

  /** Rings at `due` (by `elapsed`) or before: a later time does not move an earlier one, who is rung for nothing sets it anew. */
  at(due: number | undefined): void {
    if (due === undefined || (this.#set !== undefined && this.#set.due <= due)) return;
    this.cancel();
    const set = { due, stop: new AbortController() };
    this.#set = set;
    const pause = Math.min(longest, Math.max(0, due - this.#time.elapsed()));
    this.#time.sleep(pause, set.stop.signal).then(
      () => {
        if (this.#set === set) this.#set = undefined;
        this.#ring();
      },
      () => {},
    );
  }

  cancel(): void {
    this.#set?.stop.abort();
    this.#set = undefined;
  }
}
