import { Backoff } from './backoff.ts';
import type { ObjectQuery } from './client.ts';
import { selectors } from './client.ts';
import type { KubeClock } from './clock.ts';
import type { Discovery } from './discovery.ts';
import { keepWatching } from './keep-watching.ts';
import { listPages } from './list-pages.ts';
import type { KubeObject } from './object.ts';
import { type Handlers, type Index, ObjectStore } from './object-store.ts';
import { collectionPath } from './paths.ts';
import { StatusError } from './status-error.ts';
import type { Transport } from './transport.ts';

export interface ReflectorOptions {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly query: ObjectQuery;
  readonly clock: KubeClock;
  /** A number in [0, 1). Default: always a half. */
  readonly random?: () => number;
  readonly indexes?: Readonly<Record<string, Index>>;
  /** Told of what the server or a handler got wrong. */
  readonly onTrouble?: (error: unknown) => void;
  /** Whether versions of objects can be compared. False for aggregated APIs. Default: true. */
  readonly ordered?: boolean;
}

/** How long an unserved kind is left alone before discovery is asked again. */
const dormant = 30_000;
const relistAfter = 5;
/** A list that is forgotten within this was no list to go on from. */
const tooSoon = 50;

/** Keeps a copy of a collection up to date: list, watch, and list again when the server has forgotten where we were. */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #store: ObjectStore;
  readonly #synced = Promise.withResolvers<void>();
  readonly #onSync = new Set<() => void>();
  #hasSynced = false;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#store = new ObjectStore({
      indexes: options.indexes ?? {},
      ordered: options.ordered ?? true,
      onTrouble: options.onTrouble ?? (() => undefined),
    });
  }

  /** Whether the copy has been complete once. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Settles when the copy is complete for the first time. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#store.get(namespace, name);
  }

  all(): readonly KubeObject[] {
    return this.#store.all();
  }

  /** The objects for which an index holds a value. */
  by(index: string, value: string): readonly KubeObject[] {
    return this.#store.by(index, value);
  }

  /** Told of every change from now on; returns how to stop. What a handler throws is only noted. */
  onChange(handlers: Handlers): () => void {
    return this.#store.onChange(handlers);
  }

  /** Told whenever a list has been taken in. */
  onSync(handler: () => void): () => void {
    this.#onSync.add(handler);
    return () => this.#onSync.delete(handler);
  }

  /** Runs until the signal aborts; whatever the server does, it goes on. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random = () => 0.5 } = this.#options;
    const backoff = new Backoff(clock, random);
    let hasty = 0;
    while (!signal.aborted) {
      try {
        const path = await this.#path(signal);
        const version = await this.#list(path, signal);
        const began = clock.now();
        await this.#watch(path, version, backoff, signal);
        // It is listed again at once, but not without end where a server forgets what it has just said.
        hasty = clock.now() - began < tooSoon ? hasty + 1 : 0;
        if (hasty > 1) await backoff.pause(undefined, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.onTrouble?.(error);
        await backoff.pause(error, signal);
      }
    }
  }

  /** Waits until the kind is served. */
  async #path(signal: AbortSignal): Promise<string> {
    const { discovery, query, clock } = this.#options;
    for (;;) {
      const resource = await discovery.find(query.apiVersion, query.kind);
      if (resource !== undefined) return collectionPath(resource, query.namespace);
      this.#takeIn([]);
      await clock.sleep(dormant, signal);
    }
  }

  async #list(path: string, signal: AbortSignal): Promise<string> {
    const { transport, query } = this.#options;
    const ask = transport.request.bind(transport);
    const page = await listPages(ask, path, selectors(query), query, signal);
    if (page.resourceVersion === '') {
      this.#options.discovery.forget(query.apiVersion);
      throw new StatusError({ status: 404, body: undefined }, `GET ${path}`);
    }
    this.#takeIn(page.items);
    return page.resourceVersion;
  }

  #takeIn(items: readonly KubeObject[]): void {
    this.#store.replace(items);
    this.#hasSynced = true;
    this.#synced.resolve();
    for (const handler of this.#onSync) handler();
  }

  #watch(path: string, version: string, backoff: Backoff, signal: AbortSignal): Promise<void> {
    const { transport, clock, query, random = () => 0.5, onTrouble } = this.#options;
    const stream = { transport, clock, path, selectors: selectors(query), random, signal };
    const told = onTrouble === undefined ? {} : { onTrouble };
    return keepWatching({ ...stream, backoff, relistAfter, ...told }, this.#store, version);
  }
}
