import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Later } from './chores.ts';
import { type Core, timestamp } from './core.ts';
import { customKinds } from './custom-kinds.ts';
import { ending, hasNames, isEstablished, named, settled, storedIn } from './definition-status.ts';
import type { Kind } from './kinds.ts';
import { Refusal } from './refusal.ts';
import { cleanup, remove } from './remove.ts';
import type { Change } from './store.ts';
import { released, touch } from './touch.ts';

const stored = 'apiextensions.k8s.io/customresourcedefinitions';
/** How long a real server takes to serve a new kind, roughly. */
const moment = 120;

/** Serves the kinds of custom resource definitions, and clears up behind deleted ones. */
export class Definitions {
  readonly #core: Core;
  readonly #later: Later;

  constructor(core: Core, later: Later) {
    this.#core = core;
    this.#later = later;
  }

  saw({ stored: where, type, object, previous }: Change): void {
    if (where !== stored) return;
    const { name } = object.metadata;
    if (type === 'DELETED') {
      this.#core.registry.forget(name);
      // What waited for its names may have them now.
      for (const other of this.#core.store.list(stored))
        if (!hasNames(other)) this.#later(moment, () => this.#name(other.metadata.name));
      return;
    }
    if (type === 'ADDED') return this.#later(moment / 2, () => this.#name(name));
    if (object.metadata.deletionTimestamp !== undefined) {
      if (previous?.metadata.deletionTimestamp === undefined) this.#later(moment, () => this.#clear(object));
      return;
    }
    if (previous?.['spec'] !== object['spec'] && isEstablished(object)) {
      this.#core.registry.define(object);
      this.#later(moment, () => this.#touch(name, storedIn));
    }
  }

  #kind(): Kind {
    const kind = this.#core.registry.at('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
    if (kind === undefined) throw new Error('the registry must always know custom resource definitions');
    return kind;
  }

  #touch(name: string, change: (object: Json) => Json): void {
    touch(this.#core, this.#kind(), { name }, change);
  }

  #name(name: string): void {
    this.#touch(name, (object) => named(object, this.#core.store.list(stored), timestamp(this.#core)));
    const live = this.#core.store.get(stored, name);
    if (live !== undefined && hasNames(live)) this.#later(moment / 2, () => this.#establish(name));
  }

  #establish(name: string): void {
    const live = this.#core.store.get(stored, name);
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    this.#core.registry.define(live);
    this.#touch(name, (object) => settled(object, timestamp(this.#core)));
  }

  async #clear(definition: KubeObject): Promise<void> {
    const [kind] = customKinds(definition);
    this.#touch(definition.metadata.name, (object) => ending(object, timestamp(this.#core)));
    const left = kind === undefined ? [] : this.#core.store.list(kind.stored);
    for (const { metadata } of left) {
      if (kind === undefined || metadata.deletionTimestamp !== undefined) continue;
      const { namespace, name } = metadata;
      await remove(this.#core, { kind, namespace, name, dryRun: false }).catch(unlessRefused);
    }
    if (kind !== undefined && this.#core.store.list(kind.stored).length > 0) {
      return this.#later(1000, () => this.#clear(definition));
    }
    this.#touch(definition.metadata.name, (object) => released(object, cleanup));
  }
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
