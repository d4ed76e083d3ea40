import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Later } from './chores.ts';
import type { Core } from './core.ts';
import type { Kind } from './kinds.ts';
import { Refusal } from './refusal.ts';
import { remove } from './remove.ts';
import { type Change, keyOf } from './store.ts';
import { released, touch } from './touch.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';
/** How far the garbage collector lags behind, roughly. */
const lag = 300;

interface Place {
  readonly stored: string;
  readonly key: string;
}

/** The garbage collector: what has lost its last owner is deleted, and owners that wait for it are let go. */
export class Collector {
  readonly #core: Core;
  readonly #later: Later;
  /** By uid of the owner: where its dependents are. */
  readonly #dependents = new Map<string, Map<string, Place>>();
  readonly #uids = new Set<string>();

  constructor(core: Core, later: Later) {
    this.#core = core;
    this.#later = later;
  }

  saw({ stored, type, object, previous }: Change): void {
    const place = { stored, key: keyOf(object.metadata.namespace, object.metadata.name) };
    const uid = object.metadata.uid ?? '';
    if (type === 'DELETED') this.#uids.delete(uid);
    else this.#uids.add(uid);
    this.#index(place, previous, type === 'DELETED' ? undefined : object);
    if (type === 'DELETED') this.#ownerGone(uid, object);
    else if (object.metadata.deletionTimestamp !== undefined) this.#going(place, object);
    if (type === 'ADDED' && object.metadata.ownerReferences !== undefined) this.#later(lag, () => this.#collect(place));
  }

  #index(place: Place, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const [was, is] = [before?.metadata.ownerReferences, after?.metadata.ownerReferences];
    if (was === is) return;
    const name = `${place.stored} ${place.key}`;
    for (const { uid } of was ?? []) this.#dependents.get(uid)?.delete(name);
    for (const { uid } of is ?? []) {
      const places = this.#dependents.get(uid) ?? new Map<string, Place>();
      this.#dependents.set(uid, places.set(name, place));
    }
  }

  #of(uid: string | undefined): readonly Place[] {
    return [...(this.#dependents.get(uid ?? '')?.values() ?? [])];
  }

  #get({ stored, key }: Place): { kind: Kind; object: KubeObject } | undefined {
    const object = this.#core.store.get(stored, key);
    const kind = this.#core.registry.stored(stored);
    return object === undefined || kind === undefined ? undefined : { kind, object };
  }

  #ownerGone(uid: string, gone: KubeObject): void {
    for (const place of this.#of(uid)) this.#later(lag, () => this.#collect(place));
    // An owner that waits in the foreground may be waiting for exactly this one.
    for (const owner of gone.metadata.ownerReferences ?? []) this.#later(lag, () => this.#finishOwner(owner.uid));
  }

  /** Deletes an object when none of its owners is left; else forgets those that are gone. */
  async #collect(place: Place): Promise<void> {
    const found = this.#get(place);
    const owners = found?.object.metadata.ownerReferences ?? [];
    const gone = owners.filter(({ uid }) => !this.#uids.has(uid));
    if (found === undefined || gone.length === 0) return;
    if (gone.length === owners.length) return this.#remove(place, found.kind, found.object);
    for (const { uid } of gone) touch(this.#core, found.kind, found.object.metadata, (object) => disowned(object, uid));
  }

  async #remove(place: Place, kind: Kind, { metadata }: KubeObject): Promise<void> {
    if (metadata.deletionTimestamp !== undefined) return;
    const { namespace, name, uid = '' } = metadata;
    const waits = this.#of(uid).length > 0 && metadata.finalizers?.includes(foreground);
    const propagation = waits ? 'Foreground' : 'Background';
    try {
      await remove(this.#core, { kind, namespace, name, propagation, preconditions: { uid }, dryRun: false });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.about.code !== 404 && error.about.code !== 409) this.#later(5000, () => this.#collect(place));
    }
  }

  #going(place: Place, object: KubeObject): void {
    if (object.metadata.finalizers?.includes(foreground)) this.#later(lag, () => this.#foreground(place));
    if (object.metadata.finalizers?.includes(orphan)) this.#later(lag, () => this.#orphan(place));
  }

  /** Deletes the dependents first; the owner goes when none is left that blocks it. */
  async #foreground(place: Place): Promise<void> {
    const found = this.#get(place);
    if (!found?.object.metadata.finalizers?.includes(foreground)) return;
    const dependents = this.#of(found.object.metadata.uid);
    const blocking = dependents.filter((one) => this.#blocks(one, found.object.metadata.uid));
    if (blocking.length === 0) {
      return touch(this.#core, found.kind, found.object.metadata, (object) => released(object, foreground));
    }
    for (const one of dependents) {
      const dependent = this.#get(one);
      if (dependent) await this.#removeInFront(dependent.kind, dependent.object);
    }
  }

  #blocks(place: Place, uid: string | undefined): boolean {
    const owners = this.#get(place)?.object.metadata.ownerReferences ?? [];
    return owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true);
  }

  async #removeInFront(kind: Kind, { metadata }: KubeObject): Promise<void> {
    if (metadata.deletionTimestamp !== undefined) return;
    const { namespace, name } = metadata;
    const propagation = this.#of(metadata.uid).length > 0 ? 'Foreground' : 'Background';
    await remove(this.#core, { kind, namespace, name, propagation, dryRun: false }).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  }

  async #finishOwner(uid: string): Promise<void> {
    for (const stored of this.#core.store.shelves()) {
      const owner = this.#core.store.list(stored).find((object) => object.metadata.uid === uid);
      if (owner === undefined) continue;
      const place = { stored, key: keyOf(owner.metadata.namespace, owner.metadata.name) };
      if (owner.metadata.finalizers?.includes(foreground)) await this.#foreground(place);
      return;
    }
  }

  /** Takes the owner out of its dependents, then lets it go. */
  #orphan(place: Place): void {
    const found = this.#get(place);
    if (!found?.object.metadata.finalizers?.includes(orphan)) return;
    const { uid } = found.object.metadata;
    for (const one of this.#of(uid)) {
      const dependent = this.#get(one);
      if (dependent) touch(this.#core, dependent.kind, dependent.object.metadata, (object) => disowned(object, uid));
    }
    touch(this.#core, found.kind, found.object.metadata, (object) => released(object, orphan));
  }
}

function disowned(object: Json, uid: string | undefined): Json {
  const owners = object.metadata.ownerReferences.filter((owner: Json) => owner.uid !== uid);
  return { ...object, metadata: { ...object.metadata, ownerReferences: owners.length === 0 ? undefined : owners } };
}
