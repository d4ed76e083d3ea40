/** Time, so that forty minutes can be rehearsed in one second. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Milliseconds that only ever grow, from an arbitrary start: what waits are measured with, also when the clock is set. */
  elapsed(): number;
  /** Settles after so many milliseconds; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
