import type { KubeClock } from './clock.ts';

/** Tells when it is worth asking discovery again about a group whose kind was not served. */
export interface KindNews {
  /** How much has been heard about a group so far, to be taken before discovery is asked. */
  heardOf(group: string): number;
  /** Settles when there may be more news of the group than that; rejects when the signal aborts. */
  more(group: string, than: number, signal: AbortSignal): Promise<void>;
  /** Told the name of each definition that is gone, `datavolumes.cdi.kubevirt.io`. Returns how to stop. */
  onRemoved(handler: (name: string) => void): () => void;
}

/** How often discovery is asked where definitions cannot be watched. */
export const blindly = 30_000;

/** For who has no watch of the definitions: there may be news any time. */
export function polledKinds(clock: KubeClock): KindNews {
  return {
    heardOf: () => 0,
    more: (_group, _than, signal) => clock.sleep(blindly, signal),
    onRemoved: () => () => undefined,
  };
}
