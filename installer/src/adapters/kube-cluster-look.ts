import { type KubeClient, type ObjectQuery, selectors } from '#kube/client';
import { followWatch } from '#kube/follow-watch';
import { ObjectStore } from '#kube/object-store';
import { collectionPath } from '#kube/paths';
import type { Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { KubeObject } from '#ports/cluster';

export interface LookParts {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly query: ObjectQuery;
  /** Called when what was read is not true any more, or may not be. */
  readonly changed: () => void;
  readonly signal: AbortSignal;
}

/** The pause after a watch that broke, so that a server that ends them at once is not asked without end. */
const firstPause = 1000;
const longestPause = 30_000;
const healthyAfter = 10_000;

/** One query of an observation: read once, then kept true by a watch. */
export class KubeLook {
  readonly #parts: LookParts;
  readonly #store: ObjectStore;
  #state: 'unread' | 'watched' | 'broken' = 'unread';
  #changes = 0;
  #seen = 0;
  #failures = 0;
  #served = true;
  #reading: Promise<void> | undefined;

  constructor(parts: LookParts) {
    this.#parts = parts;
    this.#store = new ObjectStore({ indexes: {}, ordered: true, onTrouble: () => undefined });
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

  get isServed(): boolean {
    return this.#served;
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
    this.#served = resourceVersion !== '';
    const resource = this.#served ? await client.discovery.find(query.apiVersion, query.kind) : undefined;
    if (resource === undefined || signal.aborted) return;
    this.#state = 'watched';
    void this.#watch(collectionPath(resource, query.namespace), resourceVersion);
  }

  #noted(): void {
    this.#changes++;
    // While a list is being taken in, its reader is awake already.
    if (this.#state === 'watched') this.#parts.changed();
  }

  /** Follows one stream; however it ends, the next read lists again. */
  async #watch(path: string, version: string): Promise<void> {
    const { transport, clock, query, signal, changed } = this.#parts;
    const began = clock.now();
    const stream = { transport, clock, path, selectors: selectors(query), version, random: () => 0.5, signal };
    await followWatch(stream, this.#store, () => undefined).catch(() => undefined);
    if (signal.aborted) return;
    this.#state = 'broken';
    this.#failures = clock.now() - began >= healthyAfter ? 0 : this.#failures + 1;
    const pause = Math.min(firstPause * 2 ** Math.max(0, this.#failures - 1), longestPause);
    await clock.sleep(pause, signal).catch(() => undefined);
    this.#changes++;
    if (!signal.aborted) changed();
  }
}
