import type { CacheQuery } from './caches.ts';
import { keeper } from './kept-object.ts';
import type { KubeObject } from './object.ts';
import type { Handlers } from './object-store.ts';
import { Reflector } from './reflector.ts';
import type { ReflectorHealth } from './reflector-health.ts';
import type { ReflectorOptions } from './reflector-options.ts';

export interface KindCopyOptions
  extends Pick<ReflectorOptions, 'transport' | 'discovery' | 'clock' | 'random' | 'onTrouble' | 'news'> {
  readonly namespaces?: readonly string[];
}

/** The copy of one kind: a reflector for the whole cluster, or one for each namespace, read as one. */
export class KindCopy {
  readonly #reflectors: ReadonlyMap<string | undefined, Reflector>;

  constructor(query: CacheQuery, { namespaces, ...options }: KindCopyOptions) {
    const { indexes = {}, transform, metadataOnly = false, clusterScoped = false, ...asked } = query;
    const keep = keeper({ ...asked, metadataOnly, ...(transform === undefined ? {} : { transform }) });
    const made = (namespace?: string) => {
      const place = namespace === undefined ? {} : { namespace };
      return new Reflector({ ...options, query: { ...asked, ...place }, indexes, metadataOnly, keep });
    };
    const places = clusterScoped || namespaces === undefined ? [undefined] : [...new Set(namespaces)];
    this.#reflectors = new Map(places.map((place) => [place, made(place)]));
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return (this.#reflectors.get(undefined) ?? this.#reflectors.get(namespace))?.get(namespace, name);
  }

  all(): readonly KubeObject[] {
    return this.#all.flatMap((one) => one.all());
  }

  by(index: string, value: string): readonly KubeObject[] {
    return this.#all.flatMap((one) => one.by(index, value));
  }

  get serves(): boolean {
    return this.#all.every((one) => one.serves);
  }

  get hasSynced(): boolean {
    return this.#all.every((one) => one.hasSynced);
  }

  get synced(): Promise<unknown> {
    return Promise.all(this.#all.map((one) => one.synced));
  }

  health(): readonly ReflectorHealth[] {
    return this.#all.map((one) => one.health());
  }

  onChange(handlers: Handlers): () => void {
    return together(this.#all.map((one) => one.onChange(handlers)));
  }

  /** Told whenever `serves` has become another. */
  onServed(handler: () => void): () => void {
    let served = this.serves;
    const look = () => {
      if (this.serves === served) return;
      served = this.serves;
      handler();
    };
    return together(this.#all.map((one) => one.onSync(look)));
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#all.map((one) => one.run(signal)));
  }

  get #all(): readonly Reflector[] {
    return [...this.#reflectors.values()];
  }
}

function together(stops: readonly (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop();
  };
}
