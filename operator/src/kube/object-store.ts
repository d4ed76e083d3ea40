import type { KubeObject } from './object.ts';
import { isOlder } from './resource-version.ts';

/** The values under which an index finds an object. */
export type Index = (object: KubeObject) => readonly string[];

export interface Handlers {
  added?(object: KubeObject): void;
  updated?(object: KubeObject, before: KubeObject): void;
  deleted?(object: KubeObject): void;
}

export interface StoreOptions {
  readonly indexes: Readonly<Record<string, Index>>;
  readonly ordered: boolean;
  readonly onTrouble: (error: unknown) => void;
}

/** The copy that a reflector keeps, and who is told of its changes. */
export class ObjectStore {
  readonly #options: StoreOptions;
  readonly #objects = new Map<string, KubeObject>();
  readonly #indexed = new Map<string, Map<string, Set<string>>>();
  readonly #handlers = new Set<Handlers>();

  constructor(options: StoreOptions) {
    this.#options = options;
    for (const name of Object.keys(options.indexes)) this.#indexed.set(name, new Map());
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(namespace === undefined ? name : `${namespace}/${name}`);
  }

  all(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  by(index: string, value: string): readonly KubeObject[] {
    const keys = this.#indexed.get(index)?.get(value) ?? [];
    return [...keys].flatMap((key) => this.#objects.get(key) ?? []);
  }

  onChange(handlers: Handlers): () => void {
    this.#handlers.add(handlers);
    return () => this.#handlers.delete(handlers);
  }

  /** Takes in an object; an older state than the one that is known is ignored. */
  put(object: KubeObject): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before === undefined) return this.#add(key, object);
    if (before.metadata.uid !== object.metadata.uid) {
      // Deleted and made anew between two looks: nobody may take the new one for the old.
      this.#drop(key, before);
      return this.#add(key, object);
    }
    if (!this.#isOlder(object, before)) this.#update(key, object, before);
  }

  delete(object: KubeObject): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before === undefined || before.metadata.uid !== object.metadata.uid) return;
    this.#drop(key, object);
  }

  /**
   * Takes in a whole list: what is not in it is gone. It is believed over what is known, with older versions too: the
   * server's database may have been restored.
   */
  replace(objects: readonly KubeObject[]): void {
    const keys = new Set(objects.map(keyOf));
    for (const [key, object] of this.#objects) if (!keys.has(key)) this.#drop(key, object);
    for (const object of objects) {
      const key = keyOf(object);
      const before = this.#objects.get(key);
      if (before?.metadata.uid === object.metadata.uid && before !== undefined) this.#update(key, object, before);
      else this.put(object);
    }
  }

  get size(): number {
    return this.#objects.size;
  }

  #add(key: string, object: KubeObject): void {
    this.#reindex(key, undefined, object);
    this.#objects.set(key, object);
    this.#tell((handlers) => handlers.added?.(object));
  }

  #update(key: string, object: KubeObject, before: KubeObject): void {
    if (before.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#reindex(key, before, object);
    this.#objects.set(key, object);
    this.#tell((handlers) => handlers.updated?.(object, before));
  }

  #drop(key: string, last: KubeObject): void {
    this.#reindex(key, this.#objects.get(key), undefined);
    this.#objects.delete(key);
    this.#tell((handlers) => handlers.deleted?.(last));
  }

  #isOlder(object: KubeObject, known: KubeObject): boolean {
    if (!this.#options.ordered) return false;
    return isOlder(object.metadata.resourceVersion ?? '', known.metadata.resourceVersion ?? '');
  }

  #reindex(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void {
    for (const [name, index] of Object.entries(this.#options.indexes)) {
      const values = this.#indexed.get(name);
      for (const value of before === undefined ? [] : index(before)) {
        const keys = values?.get(value);
        keys?.delete(key);
        // A value that nothing has any more would be kept for ever.
        if (keys?.size === 0) values?.delete(value);
      }
      for (const value of after === undefined ? [] : index(after)) {
        values?.set(value, (values.get(value) ?? new Set<string>()).add(key));
      }
    }
  }

  #tell(handle: (handlers: Handlers) => void): void {
    for (const handlers of this.#handlers) {
      try {
        handle(handlers);
      } catch (error) {
        this.#options.onTrouble(error);
      }
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}
