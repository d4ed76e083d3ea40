import type { KubeObject } from '#kube/object';
import type { Kind, Sight } from './sight.ts';

export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** The Wukong that an object was made for: by its owner, or by its labels where it has none. */
export function parentKeys({ metadata }: KubeObject): readonly string[] {
  const owners = (metadata.ownerReferences ?? []).filter((one) => one.kind === 'Wukong').map((one) => one.name);
  const label = metadata.labels?.['vm.novasphere.dev/wukong'];
  const names = new Set(label === undefined ? owners : [...owners, label]);
  return [...names].map((name) => `${metadata.namespace}/${name}`);
}

/** A Wukong, and those that are waiting for what it has: an address, a bridge, a claim. */
export function wukongKeys(sight: Sight, values: Readonly<Record<string, readonly string[]>>, one: KubeObject) {
  const rivals = Object.entries(values).flatMap(([index, held]) =>
    held.flatMap((value) => sight.by('Wukong', index, value)),
  );
  return [...new Set([keyOf(one), ...rivals.map(keyOf)])];
}

/** Whoever made an object, and every Wukong that names it as its user's. */
export function namedKeys(sight: Sight, index: string, object: KubeObject): readonly string[] {
  const users = sight.by('Wukong', index, keyOf(object));
  return [...new Set([...parentKeys(object), ...users.map(keyOf)])];
}

export function everyKey(sight: Sight, kind: Kind): readonly string[] {
  return sight.all(kind).map(keyOf);
}
