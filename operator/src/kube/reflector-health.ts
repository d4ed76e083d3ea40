import type { KubeClock } from './clock.ts';
import { StatusError } from './status-error.ts';

/** How the copy of one collection stands. */
export interface ReflectorHealth {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  /** Whether the copy was complete once, or the kind is known not to be served. */
  readonly synced: boolean;
  /** Whether the kind is not served now: nothing is asked until that changes. */
  readonly dormant: boolean;
  /** By the clock's `elapsed`: when the server last gave a sign of life; at first, when it was begun. */
  readonly lastHeard: number;
  /** How many streams have been opened again after the first one. */
  readonly restarts: number;
  /** Why the last try failed; undefined as soon as one succeeds. */
  readonly trouble?: string;
  /** False when it is refused (401, 403), and when nothing has succeeded for a minute. */
  readonly healthy: boolean;
  /** How many objects are held. */
  readonly size: number;
  /** Whether anything depends on it; without the watch of definitions discovery is asked instead. */
  readonly needed: boolean;
}

const patience = 60_000;
const refusals: ReadonlySet<number> = new Set([401, 403]);

/** Notes what happens to a reflector. */
export class VitalSigns {
  readonly #clock: KubeClock;
  #streams = 0;
  #heard: number;
  #trouble: { readonly message: string; readonly since: number; readonly refused: boolean } | undefined;

  constructor(clock: KubeClock) {
    this.#clock = clock;
    this.#heard = clock.elapsed();
  }

  /** The server has given a sign of life. */
  readonly heard = (): void => {
    this.#heard = this.#clock.elapsed();
    this.#trouble = undefined;
  };

  /** A stream is about to be opened. */
  readonly streamed = (): void => void this.#streams++;

  failed(error: unknown): void {
    const since = this.#trouble?.since ?? this.#clock.elapsed();
    this.#trouble = { message: told(error), since, refused: error instanceof StatusError && refusals.has(error.code) };
  }

  read(): Pick<ReflectorHealth, 'lastHeard' | 'restarts' | 'trouble' | 'healthy'> {
    const trouble = this.#trouble;
    const isPassing = trouble !== undefined && !trouble.refused && this.#clock.elapsed() - trouble.since < patience;
    return {
      lastHeard: this.#heard,
      restarts: Math.max(0, this.#streams - 1),
      healthy: trouble === undefined || isPassing,
      ...(trouble === undefined ? {} : { trouble: trouble.message }),
    };
  }
}

/** What Node says of several addresses that all failed is no text but a list. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return error instanceof AggregateError ? error.errors.map(told).join('; ') : error.name;
}
