import { Backoff } from '#kube/backoff';
import { type KubeClient, type ObjectQuery, selectors } from '#kube/client';
import { keepWatching } from '#kube/keep-watching';
import { ObjectStore } from '#kube/object-store';
import { collectionPath } from '#kube/paths';
import type { Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { KubeObject } from '#ports/cluster';

export interface LookParts {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  readonly query: ObjectQuery;
  /** Called when what was read is not true any more, or may not be. */
  readonly changed: () => void;
  readonly signal: AbortSignal;
}

const tooSoon = 50;

/** One query of an observation: read once, then kept true by a watch. */
export class KubeLook {
  readonly #parts: LookParts;
  readonly #store: ObjectStore;
  readonly #backoff: Backoff;
  #state: 'unread' | 'watched' | 'broken' = 'unread';
  #changes = 0;
  #seen = 0;
  #reading: Promise<void> | undefined;

  constructor(parts: LookParts) {
    this.#parts = parts;
    this.#store = new ObjectStore({ indexes: {}, ordered: true, onTrouble: () => undefined });
    this.#backoff = new Backoff(parts.clock, () => 0.5);
    const noted = () => this.#noted();
    this.#store.onChange({ added: noted, updated: noted, deleted: noted });
  }

  /** Whether something has changed since it was last read. */
  get isOld(): boolean {
    return this.#changes > this.#seen;
  }

  /** What has changed so far has been told. */
  acknowledge(): void {
    this.#seen = this.#changes;
  }

  /** Whether a watch tells of changes; there is none of a kind that is not served, or after a read that failed. */
  get isWatched(): boolean {
    return this.#state === 'watched';
  }

  async read(): Promise<readonly KubeObject[]> {
    if (this.#state !== 'watched') {
      this.#reading ??= this.#list().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    this.#seen = this.#changes;
    return this.#store.all();
  }

  async #list(): Promise<void> {
    const { client, query, signal } = this.#parts;
    const { items, resourceVersion } = await client.list(query);
    this.#store.replace(items);
    const resource = resourceVersion !== '' ? await client.discovery.find(query.apiVersion, query.kind) : undefined;
    if (resource === undefined || signal.aborted) return;
    this.#state = 'watched';
    void this.#watch(collectionPath(resource, query.namespace), resourceVersion);
  }

  #noted(): void {
    this.#changes++;
    // While a list is being taken in, its reader is awake already.
    if (this.#state === 'watched') this.#parts.changed();
  }

  /** Watches until only a new list can be believed; the next read makes it, and throws what is in its way. */
  async #watch(path: string, version: string): Promise<void> {
    const { transport, clock, query, signal, changed } = this.#parts;
    const stream = { transport, clock, path, selectors: selectors(query), random: () => 0.5, signal };
    const watching = { ...stream, backoff: this.#backoff, relistAfter: 1 };
    const began = clock.elapsed();
    const broken = await keepWatching(watching, this.#store, version).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (signal.aborted) return;
    this.#state = 'broken';
    // A version that is forgotten at once may be so again.
    const isHasty = clock.elapsed() - began < tooSoon;
    if (broken !== undefined || isHasty) await this.#backoff.pause(broken, signal);
    this.#changes++;
    if (!signal.aborted) changed();
  }
}
