/** Time as the client needs it; the clocks of installer, operator and rehearsal fit. */
export interface KubeClock {
  /** Milliseconds that only ever grow: a clock that is set must neither end a watch nor keep a dead one. */
  elapsed(): number;
  /** Settles after so many milliseconds; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
