import type { KubeObject } from '#kube/object';

/** One change of one object, as watches tell it. */
export interface Change {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  /** `apps/deployments`. */
  readonly stored: string;
}

export type Listener = (change: Change) => void;

interface Shelf {
  readonly objects: Map<string, KubeObject>;
  readonly history: Change[];
  readonly listeners: Set<Listener>;
  /** Changes up to this revision are forgotten. */
  floor: number;
  sorted: readonly KubeObject[] | undefined;
}

/** `namespace/name`, or the name alone when there is no namespace. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** What etcd and the watch cache are to a real API server: objects, their order of change, and who listens. */
export class Store {
  readonly #shelves = new Map<string, Shelf>();
  readonly #everything = new Set<Listener>();
  readonly #keep: number;
  #revision = 1;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get revision(): number {
    return this.#revision;
  }

  get(stored: string, key: string): KubeObject | undefined {
    return this.#shelves.get(stored)?.objects.get(key);
  }

  /** All objects of a kind in the order of their keys. */
  list(stored: string): readonly KubeObject[] {
    const shelf = this.#shelf(stored);
    shelf.sorted ??= [...shelf.objects.entries()].sort(byKey).map(([, object]) => object);
    return shelf.sorted;
  }

  /** The objects of a kind as they were at a revision; undefined when that is forgotten. */
  listAt(stored: string, revision: number): readonly KubeObject[] | undefined {
    const changes = this.since(stored, revision);
    if (changes === undefined || changes.length === 0) return changes && this.list(stored);
    const objects = new Map(this.#shelf(stored).objects);
    for (const { object, previous } of changes.toReversed()) {
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      if (previous === undefined) objects.delete(key);
      else objects.set(key, previous);
    }
    return [...objects.entries()].sort(byKey).map(([, object]) => object);
  }

  /** The names of all shelves that hold something. */
  shelves(): readonly string[] {
    return [...this.#shelves].filter(([, shelf]) => shelf.objects.size > 0).map(([stored]) => stored);
  }

  /** Stores what `make` returns for the new revision. */
  put(stored: string, key: string, make: (resourceVersion: string) => KubeObject): KubeObject {
    const shelf = this.#shelf(stored);
    const previous = shelf.objects.get(key);
    const revision = ++this.#revision;
    const object = make(String(revision));
    shelf.objects.set(key, object);
    const type = previous === undefined ? 'ADDED' : 'MODIFIED';
    this.#tell(shelf, { revision, type, object, stored, ...(previous === undefined ? {} : { previous }) });
    return object;
  }

  /** Removes an object; the watch event carries its last state at the new revision. */
  remove(stored: string, key: string, last: (resourceVersion: string) => KubeObject): void {
    const shelf = this.#shelf(stored);
    const previous = shelf.objects.get(key);
    if (previous === undefined) return;
    const revision = ++this.#revision;
    shelf.objects.delete(key);
    this.#tell(shelf, { revision, type: 'DELETED', object: last(String(revision)), previous, stored });
  }

  /** Forgets every object without a word; watches that resume from before are told 410. */
  clear(): void {
    this.compact();
    for (const shelf of this.#shelves.values()) {
      shelf.objects.clear();
      shelf.sorted = undefined;
    }
  }

  /** The changes after a revision; undefined when some of them are forgotten. */
  since(stored: string, revision: number): readonly Change[] | undefined {
    const shelf = this.#shelf(stored);
    if (revision < shelf.floor) return undefined;
    return shelf.history.filter((change) => change.revision > revision);
  }

  /** Forgets all history, as a compaction does: watches that resume from before are told 410. */
  compact(): void {
    for (const shelf of this.#shelves.values()) {
      shelf.history.length = 0;
      shelf.floor = this.#revision;
    }
  }

  /** Changes of one kind, or of all when `stored` is undefined. Returns how to stop. */
  listen(stored: string | undefined, listener: Listener): () => void {
    const listeners = stored === undefined ? this.#everything : this.#shelf(stored).listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #tell(shelf: Shelf, change: Change): void {
    shelf.sorted = undefined;
    shelf.history.push(change);
    if (shelf.history.length > 2 * this.#keep) {
      const gone = shelf.history.splice(0, shelf.history.length - this.#keep);
      shelf.floor = gone.at(-1)?.revision ?? shelf.floor;
    }
    for (const listener of shelf.listeners) listener(change);
    for (const listener of this.#everything) listener(change);
  }

  #shelf(stored: string): Shelf {
    let shelf = this.#shelves.get(stored);
    if (shelf === undefined) {
      shelf = { objects: new Map(), history: [], listeners: new Set(), floor: 0, sorted: undefined };
      this.#shelves.set(stored, shelf);
    }
    return shelf;
  }
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
