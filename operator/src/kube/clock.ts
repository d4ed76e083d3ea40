/** Time as the client needs it; the installer's clock and the simulated one fit. */
export interface KubeClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Settles after so many milliseconds; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
