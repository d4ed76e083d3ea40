import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Later } from './chores.ts';
import { type Core, timestamp } from './core.ts';
import { conditionsOf } from './namespace-conditions.ts';
import { Refusal } from './refusal.ts';
import { remove } from './remove.ts';
import type { Change } from './store.ts';
import { touch } from './touch.ts';

/** Empties a namespace that is being deleted, and lets it go when nothing is left in it. */
export class Namespaces {
  readonly #core: Core;
  readonly #later: Later;
  /** Group versions whose server does not answer: what they hold cannot be known. */
  readonly #unreachable: () => readonly string[];

  constructor(core: Core, later: Later, unreachable: () => readonly string[]) {
    this.#core = core;
    this.#later = later;
    this.#unreachable = unreachable;
  }

  saw({ stored, type, object, previous }: Change): void {
    if (stored !== '/namespaces' || type !== 'MODIFIED') return;
    const begins =
      object.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined;
    if (begins) this.#later(500, () => this.#empty(object.metadata.name, object.metadata.uid));
  }

  async #empty(name: string, uid: string | undefined): Promise<void> {
    if (this.#core.store.get('/namespaces', name)?.metadata.uid !== uid) return;
    const refusals = await this.#removeAll(name);
    const left = this.#contents(name);
    const unreachable = this.#unreachable();
    if (left.length + refusals.length + unreachable.length === 0) return this.#release(name);
    this.#tell(name, conditionsOf({ left, refusals, unreachable }));
    this.#later(2000, () => this.#empty(name, uid));
  }

  /** Deletes what is in it; what was refused, and why. */
  async #removeAll(name: string): Promise<readonly string[]> {
    const refusals: string[] = [];
    for (const { kind, object } of this.#contents(name)) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      const removal = { kind, namespace: name, name: object.metadata.name, dryRun: false };
      await remove(this.#core, removal).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        if (error.about.code !== 404) refusals.push(error.message);
      });
    }
    return refusals;
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

  #tell(name: string, wanted: readonly Omit<Json, 'lastTransitionTime'>[]): void {
    this.#touch(name, (object) => {
      const before: readonly Json[] = object['status'].conditions ?? [];
      const conditions = wanted.map((one) => {
        const old = before.find(({ type }) => type === one.type);
        const lastTransitionTime = old?.status === one.status ? old.lastTransitionTime : timestamp(this.#core);
        return { ...one, lastTransitionTime };
      });
      if (JSON.stringify(before) === JSON.stringify(conditions)) return object;
      return { ...object, status: { ...object['status'], conditions } };
    });
  }
}
