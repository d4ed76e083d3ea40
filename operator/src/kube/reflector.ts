import { Backoff } from './backoff.ts';
import { selectors } from './client.ts';
import type { Resource } from './discovery.ts';
import { keepWatching } from './keep-watching.ts';
import { type KindNews, polledKinds } from './kind-news.ts';
import { listPages } from './list-pages.ts';
import { shapeOf } from './metadata-only.ts';
import type { KubeObject } from './object.ts';
import { type Handlers, ObjectStore } from './object-store.ts';
import { collectionPath, definitionName, groupOf } from './paths.ts';
import { type ReflectorHealth, VitalSigns } from './reflector-health.ts';
import type { ReflectorOptions } from './reflector-options.ts';
import { StatusError } from './status-error.ts';

const relistAfter = 5;
/** A list that is forgotten within this was no list to go on from. */
const tooSoon = 50;

/** Keeps a copy of a collection up to date: list, watch, and list again when the server has forgotten where we were. */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #news: KindNews;
  readonly #store: ObjectStore;
  readonly #life: VitalSigns;
  readonly #synced = Promise.withResolvers<void>();
  readonly #onSync = new Set<() => void>();
  #state: 'incomplete' | 'complete' | 'dormant' = 'incomplete';
  #hasSynced = false;
  #hasty = 0;

  constructor(options: ReflectorOptions) {
    const { indexes = {}, ordered = true, onTrouble = () => undefined, clock } = options;
    this.#options = options;
    this.#news = options.news ?? polledKinds(clock);
    this.#life = new VitalSigns(clock);
    this.#store = new ObjectStore({ indexes, ordered, onTrouble });
  }

  /** Whether the copy has been complete once, or the kind was known not to be served. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Settles when the copy is complete for the first time. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Whether the kind is served, and the copy of it complete. */
  get serves(): boolean {
    return this.#state === 'complete';
  }

  health(): ReflectorHealth {
    const { apiVersion, kind, namespace } = this.#options.query;
    const type = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
    const dormant = this.#state === 'dormant';
    return { ...type, synced: this.#hasSynced, dormant, ...this.#life.read(), size: this.#store.size, needed: true };
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

  /** Told whenever a list has been taken in, and when the kind has turned out not to be served. */
  onSync(handler: () => void): () => void {
    this.#onSync.add(handler);
    return () => this.#onSync.delete(handler);
  }

  /** Runs until the signal aborts; whatever the server does, it goes on. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random = () => 0.5 } = this.#options;
    const backoff = new Backoff(clock, random);
    while (!signal.aborted) {
      const removed = new AbortController();
      try {
        await this.#live(backoff, signal, removed);
      } catch (error) {
        if (signal.aborted) return;
        if (removed.signal.aborted) continue;
        this.#failed(error);
        if (error instanceof StatusError && error.code === 404) this.#forget();
        await backoff.pause(error, signal);
      }
    }
  }

  /** From discovery to the end of what can be watched. */
  async #live(backoff: Backoff, outer: AbortSignal, removed: AbortController): Promise<void> {
    const { query, clock } = this.#options;
    const resource = await this.#resource(outer);
    const stop = this.#news.onRemoved((definition) => {
      if (definition !== definitionName(resource)) return;
      this.#forget();
      removed.abort(new Error(`${query.kind} is not defined any more`));
    });
    try {
      const signal = AbortSignal.any([outer, removed.signal]);
      const path = collectionPath(resource, query.namespace);
      const version = await this.#list(path, signal);
      const began = clock.elapsed();
      await this.#watch(path, version, backoff, signal);
      // It is listed again at once, but not without end where a server forgets what it has just said.
      this.#hasty = clock.elapsed() - began < tooSoon ? this.#hasty + 1 : 0;
      if (this.#hasty > 1) await backoff.pause(undefined, signal);
    } finally {
      stop();
    }
  }

  /** Waits until the kind is served. */
  async #resource(signal: AbortSignal): Promise<Resource> {
    const { discovery, query } = this.#options;
    const group = groupOf(query.apiVersion);
    for (;;) {
      const heard = this.#news.heardOf(group);
      const resource = await discovery.find(query.apiVersion, query.kind);
      if (resource !== undefined) return resource;
      this.#takeIn([], 'dormant');
      await this.#news.more(group, heard, signal);
    }
  }

  async #list(path: string, signal: AbortSignal): Promise<string> {
    const { transport, query } = this.#options;
    const ask = transport.request.bind(transport);
    const listing = { path, selectors: selectors(query), type: query, signal, ...shapeOf('list', this.#options) };
    const page = await listPages(ask, listing);
    if (page.resourceVersion === '') throw new StatusError({ status: 404, body: undefined }, `GET ${path}`);
    this.#takeIn(page.items, 'complete');
    return page.resourceVersion;
  }

  #takeIn(items: readonly KubeObject[], state: 'complete' | 'dormant'): void {
    this.#life.heard();
    this.#store.replace(items);
    this.#state = state;
    this.#hasSynced = true;
    this.#synced.resolve();
    for (const handler of this.#onSync) this.#tell(handler);
  }

  #tell(handler: () => void): void {
    try {
      handler();
    } catch (error) {
      this.#options.onTrouble?.(error);
    }
  }

  #watch(path: string, version: string, backoff: Backoff, signal: AbortSignal): Promise<void> {
    const { transport, clock, query, random = () => 0.5 } = this.#options;
    const stream = {
      transport,
      clock,
      path,
      selectors: selectors(query),
      random,
      signal,
      ...shapeOf('watch', this.#options),
    };
    const { heard: onLife, streamed: onStream } = this.#life;
    const onTrouble = (error: unknown) => this.#failed(error);
    const watching = { ...stream, backoff, relistAfter, onTrouble, onStream, onLife };
    return keepWatching(watching, this.#store, version);
  }

  #failed(error: unknown): void {
    this.#life.failed(error);
    this.#options.onTrouble?.(error);
  }

  #forget(): void {
    const { discovery, query } = this.#options;
    discovery.forget(query.apiVersion);
  }
}
