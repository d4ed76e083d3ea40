import { systemClock } from '#adapters/system-clock';
import type { Clock } from '#ports/clock';

/** No sleep lasts longer: whoever looks again every few seconds may do so more often. Milliseconds. */
const longest = 400;
/** What a sleep takes while time is short, in milliseconds: enough for what changes to be seen. */
const nap = 40;
/** What then seems to be over at least. Less than the gap after which something lasting would count as new. */
const stride = 50_000;

/**
 * The real time, except while it hurries: then each sleep takes no time, and seems to have taken long. So the patience
 * of gates, which is minutes, ends within a second or two, and what has to last for a minute seems to have lasted.
 */
export class DeadlineClock implements Clock {
  readonly #real = systemClock();
  readonly #asleep = new Set<AbortController>();
  #hurries = false;
  #elapsed = 0;
  #dates = 0;

  now(): number {
    return this.#real.now() + this.#dates;
  }

  elapsed(): number {
    return this.#real.elapsed() + this.#elapsed;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (this.#hurries) return this.#skip(milliseconds, signal);
    const roused = new AbortController();
    this.#asleep.add(roused);
    try {
      await this.#real.sleep(
        Math.min(milliseconds, longest),
        AbortSignal.any([roused.signal, ...(signal === undefined ? [] : [signal])]),
      );
    } catch (error) {
      if (!roused.signal.aborted) throw error;
    } finally {
      this.#asleep.delete(roused);
    }
  }

  /** From now on no sleep takes any time; whoever sleeps wakes. */
  hurry(): void {
    this.#hurries = true;
    for (const roused of this.#asleep) roused.abort();
  }

  /** Back to the real time and date; what seems to be over stays over. */
  rest(): void {
    this.#hurries = false;
    this.#dates = 0;
  }

  async #skip(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await this.#real.sleep(Math.min(nap, milliseconds), signal);
    const seeming = Math.max(milliseconds, stride);
    this.#elapsed += seeming;
    if (this.#hurries) this.#dates += seeming;
  }
}
