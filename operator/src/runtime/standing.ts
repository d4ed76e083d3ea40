/** Whether this process leads, and since when that has been confirmed last. */
export interface Standing {
  leading: boolean;
  /** By `elapsed`; infinite for who leads without asking. */
  renewed: number;
}

/** Milliseconds; shorter than the lease, so that a leader without an API server has ended before anybody can follow it. */
export const leadLasts = 10_000;

/** Whether this process may still write; false as well for one that was stopped for a while and does not know it yet. */
export function maySpeak({ leading, renewed }: Standing, elapsed: number): boolean {
  return leading && elapsed - renewed < leadLasts;
}
