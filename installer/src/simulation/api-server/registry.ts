import type { KubeObject } from '#kube/object';
import { customKinds } from './custom-kinds.ts';
import { builtInKinds, type Kind } from './kinds.ts';

/** Every kind that is served now: the built-in ones and those of established custom resource definitions. */
export class Registry {
  readonly #byPath = new Map<string, Kind>();
  readonly #byKind = new Map<string, Kind>();
  readonly #ofDefinition = new Map<string, readonly Kind[]>();

  constructor() {
    for (const kind of builtInKinds) this.#add(kind);
  }

  at(group: string, version: string, plural: string): Kind | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  of(apiVersion: string, kind: string): Kind | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** The kinds of one group, all versions. */
  inGroup(group: string): readonly Kind[] {
    return this.all().filter((kind) => kind.group === group);
  }

  all(): readonly Kind[] {
    return [...this.#byPath.values()];
  }

  /** Any version of what is stored under a name; all versions hold the same objects. */
  stored(stored: string): Kind | undefined {
    return this.all().find((kind) => kind.stored === stored);
  }

  /** Serves what a definition declares instead of what it declared before. */
  define(definition: KubeObject): void {
    this.forget(definition.metadata.name);
    const kinds = customKinds(definition);
    this.#ofDefinition.set(definition.metadata.name, kinds);
    for (const kind of kinds) this.#add(kind);
  }

  forget(definition: string): void {
    for (const kind of this.#ofDefinition.get(definition) ?? []) {
      this.#byPath.delete(`${kind.group}/${kind.version}/${kind.plural}`);
      this.#byKind.delete(`${kind.apiVersion}/${kind.kind}`);
    }
    this.#ofDefinition.delete(definition);
  }

  #add(kind: Kind): void {
    this.#byPath.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
    this.#byKind.set(`${kind.apiVersion}/${kind.kind}`, kind);
  }
}
