import type { KubeClock } from './clock.ts';
import type { Discovery } from './discovery.ts';
import { KindCopy } from './kind-copy.ts';
import type { KubeObject } from './object.ts';
import type { Handlers, Index } from './object-store.ts';
import type { ReflectorHealth } from './reflector-health.ts';
import { ServedKinds } from './served-kinds.ts';
import type { Transport } from './transport.ts';

/** What is kept of one kind, and how it is found. */
export interface CacheQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Watched once, whatever the namespaces are. Default: false. */
  readonly clusterScoped?: boolean;
  /** Whether only the metadata of objects is asked for: what is in a Secret stays where it is. Default: false. */
  readonly metadataOnly?: boolean;
  readonly indexes?: Readonly<Record<string, Index>>;
  /** What is kept of an object; managedFields and the last applied configuration never are. */
  readonly transform?: (object: KubeObject) => KubeObject;
}

export interface CachesOptions<Kind extends string> {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly clock: KubeClock;
  readonly kinds: Readonly<Record<Kind, CacheQuery>>;
  /** The only namespaces that are watched. Default: all of them. */
  readonly namespaces?: readonly string[];
  /** A number in [0, 1). Default: always a half. */
  readonly random?: () => number;
  /** Told of what the server or a handler got wrong. */
  readonly onTrouble?: (about: string, error: unknown) => void;
}

/**
 * Copies of everything that controllers read: one reflector for each kind (and each namespace, where only some are
 * watched), and one watch of the definitions that wakes those whose kind was not served. What is read belongs to
 * everybody: a change of it throws.
 */
export class Caches<Kind extends string> {
  readonly #copies: ReadonlyMap<Kind, KindCopy>;
  readonly #served: ServedKinds;

  constructor({ kinds, onTrouble, ...options }: CachesOptions<Kind>) {
    const told = (about: string) => ({ onTrouble: (error: unknown) => onTrouble?.(about, error) });
    const news = new ServedKinds({ ...options, ...told('CustomResourceDefinition') });
    const entries = Object.entries<CacheQuery>(kinds) as [Kind, CacheQuery][];
    const copies = entries.map(([kind, query]) => {
      const copy = new KindCopy(query, { ...options, ...told(kind), news });
      return [kind, copy] as const;
    });
    this.#served = news;
    this.#copies = new Map(copies);
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#copy(kind).get(namespace, name);
  }

  all(kind: Kind): readonly KubeObject[] {
    return this.#copy(kind).all();
  }

  /** The objects for which an index holds a value. */
  by(kind: Kind, index: string, value: string): readonly KubeObject[] {
    return this.#copy(kind).by(index, value);
  }

  /** Whether the API server serves a kind, and the copy of it is complete. */
  serves(kind: Kind): boolean {
    return this.#copy(kind).serves;
  }

  /** Told of every change from now on; returns how to stop. What a handler throws is only noted. */
  onChange(kind: Kind, handlers: Handlers): () => void {
    return this.#copy(kind).onChange(handlers);
  }

  /** Told of each kind that has become served, its copy complete, and of each that is not served any more. */
  onServed(handler: (kind: Kind) => void): () => void {
    const stops = [...this.#copies].map(([kind, copy]) => copy.onServed(() => handler(kind)));
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Whether every copy has been complete once; a kind that is not served has nothing to copy. */
  get hasSynced(): boolean {
    return [...this.#copies.values()].every((copy) => copy.hasSynced);
  }

  /** Settles when every copy is complete for the first time. */
  get synced(): Promise<void> {
    return Promise.all([...this.#copies.values()].map((copy) => copy.synced)).then(() => undefined);
  }

  health(): readonly ReflectorHealth[] {
    return [...[...this.#copies.values()].flatMap((copy) => copy.health()), this.#served.health()];
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#served.run(signal), ...[...this.#copies.values()].map((copy) => copy.run(signal))]);
  }

  #copy(kind: Kind): KindCopy {
    return this.#copies.get(kind) as KindCopy;
  }
}
