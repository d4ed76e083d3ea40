import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Later } from './chores.ts';
import { type Core, timestamp } from './core.ts';
import { customKinds } from './custom-kinds.ts';
import type { Kind } from './kinds.ts';
import { Refusal } from './refusal.ts';
import { remove } from './remove.ts';
import type { Change } from './store.ts';
import { released, touch } from './touch.ts';

const stored = 'apiextensions.k8s.io/customresourcedefinitions';
const cleanup = 'customresourcecleanup.apiextensions.k8s.io';
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
    if (type === 'DELETED') return this.#core.registry.forget(name);
    if (type === 'ADDED') return this.#later(moment, () => this.#establish(name));
    if (object.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined) {
      return this.#later(moment, () => this.#clear(object));
    }
    if (previous?.['spec'] !== object['spec'] && isEstablished(object)) {
      this.#core.registry.define(object);
      this.#later(moment, () => this.#note(name));
    }
  }

  #kind(): Kind {
    const kind = this.#core.registry.at('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
    if (kind === undefined) throw new Error('the registry must always know custom resource definitions');
    return kind;
  }

  #establish(name: string): void {
    const live = this.#core.store.get(stored, name);
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    this.#core.registry.define(live);
    touch(this.#core, this.#kind(), { name }, (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: [...new Set([...(object.metadata.finalizers ?? []), cleanup])] },
      status: this.#status(object),
    }));
  }

  /** Brings the accepted names and stored versions up to date. */
  #note(name: string): void {
    touch(this.#core, this.#kind(), { name }, (object) => ({ ...object, status: this.#status(object) }));
  }

  #status(object: Json): Json {
    const lastTransitionTime = timestamp(this.#core);
    const conditions = [
      {
        type: 'NamesAccepted',
        status: 'True',
        lastTransitionTime,
        reason: 'NoConflicts',
        message: 'no conflicts found',
      },
      {
        type: 'Established',
        status: 'True',
        lastTransitionTime,
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ];
    const storage = object.spec.versions.find((version: Json) => version.storage)?.name;
    return {
      conditions: object.status?.conditions ?? conditions,
      acceptedNames: object.spec.names,
      storedVersions: [...new Set([...(object.status?.storedVersions ?? []), storage])],
    };
  }

  async #clear(definition: KubeObject): Promise<void> {
    const [kind] = customKinds(definition);
    const left = kind === undefined ? [] : this.#core.store.list(kind.stored);
    for (const { metadata } of left) {
      if (kind === undefined || metadata.deletionTimestamp !== undefined) continue;
      const { namespace, name } = metadata;
      await remove(this.#core, { kind, namespace, name, dryRun: false }).catch(unlessRefused);
    }
    if (kind !== undefined && this.#core.store.list(kind.stored).length > 0) {
      return this.#later(1000, () => this.#clear(definition));
    }
    touch(this.#core, this.#kind(), definition.metadata, (object) => released(object, cleanup));
  }
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

export function isEstablished(object: Json): boolean {
  return (object.status?.conditions ?? []).some((one: Json) => one.type === 'Established' && one.status === 'True');
}
