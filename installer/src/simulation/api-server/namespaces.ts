import type { KubeObject } from '#kube/object';
import type { Later } from './chores.ts';
import { type Core, timestamp } from './core.ts';
import { Refusal } from './refusal.ts';
import { remove } from './remove.ts';
import type { Change } from './store.ts';
import { touch } from './touch.ts';

/** Empties a namespace that is being deleted, and lets it go when nothing is left in it. */
export class Namespaces {
  readonly #core: Core;
  readonly #later: Later;

  constructor(core: Core, later: Later) {
    this.#core = core;
    this.#later = later;
  }

  saw({ stored, type, object, previous }: Change): void {
    if (stored !== '/namespaces' || type !== 'MODIFIED') return;
    const begins =
      object.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined;
    if (begins) this.#later(500, () => this.#empty(object.metadata.name, object.metadata.uid));
  }

  async #empty(name: string, uid: string | undefined): Promise<void> {
    if (this.#core.store.get('/namespaces', name)?.metadata.uid !== uid) return;
    for (const { kind, object } of this.#contents(name)) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      const removal = { kind, namespace: name, name: object.metadata.name, dryRun: false };
      await remove(this.#core, removal).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
      });
    }
    const left = this.#contents(name);
    if (left.length === 0) return this.#release(name);
    this.#tell(
      name,
      left.map(({ object }) => object),
    );
    this.#later(2000, () => this.#empty(name, uid));
  }

  #contents(namespace: string) {
    const { store, registry } = this.#core;
    return store.shelves().flatMap((stored) => {
      const kind = registry.stored(stored);
      if (kind === undefined || !kind.namespaced) return [];
      const objects = store.list(stored).filter((object) => object.metadata.namespace === namespace);
      return objects.map((object) => ({ kind, object }));
    });
  }

  #touch(name: string, change: (object: KubeObject) => object): void {
    const kind = this.#core.registry.at('', 'v1', 'namespaces');
    if (kind !== undefined) touch(this.#core, kind, { name }, change);
  }

  #release(name: string): void {
    this.#touch(name, (object) => ({ ...object, spec: { ...object['spec'], finalizers: [] } }));
  }

  #tell(name: string, left: readonly KubeObject[]): void {
    const counts = new Map<string, number>();
    for (const { metadata } of left) {
      for (const finalizer of metadata.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
    }
    const held = [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).join(', ');
    const message =
      held === ''
        ? 'All content successfully removed'
        : `Some content in the namespace has finalizers remaining: ${held}`;
    const status = held === '' ? 'False' : 'True';
    const reason = held === '' ? 'ContentHasNoFinalizers' : 'SomeFinalizersRemain';
    this.#touch(name, (object) => {
      const type = 'NamespaceFinalizersRemaining';
      const before = object['status'].conditions?.[0];
      if (before?.message === message) return object;
      const condition = { type, status, reason, message, lastTransitionTime: timestamp(this.#core) };
      return { ...object, status: { ...object['status'], conditions: [condition] } };
    });
  }
}
