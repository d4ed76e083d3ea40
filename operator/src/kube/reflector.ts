import { Backoff } from './backoff.ts';
import type { ObjectQuery } from './client.ts';
import { selectors } from './client.ts';
import type { KubeClock } from './clock.ts';
import type { Discovery } from './discovery.ts';
import { endOf, followWatch } from './follow-watch.ts';
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
    while (!signal.aborted) {
      try {
        const path = await this.#path(signal);
        const version = await this.#list(path, signal);
        await this.#watch(path, version, backoff, signal);
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

  /** Watches on from a version, as often as streams end; returns when only a new list can help. */
  async #watch(path: string, from: string, backoff: Backoff, signal: AbortSignal): Promise<void> {
    const { transport, clock, query, random = () => 0.5 } = this.#options;
    let version = from;
    let failures = 0;
    while (!signal.aborted) {
      const began = clock.now();
      const stream = { transport, clock, path, selectors: selectors(query), version, random, signal };
      const end = await endOf(followWatch(stream, this.#store, (seen) => (version = seen)));
      if (end === 'expired' || signal.aborted) return;
      if (end !== 'ended') {
        this.#options.onTrouble?.(end);
        if (++failures >= relistAfter || isGone(end)) throw end;
      } else failures = 0;
      await backoff.between(began, end === 'ended' ? undefined : end, signal);
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404;
}
