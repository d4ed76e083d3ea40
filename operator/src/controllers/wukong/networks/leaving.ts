import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

export interface Leaving {
  readonly interfaces: readonly Json[];
  readonly networks: readonly Json[];
}

/**
 * NICs that are no longer asked for and that the running guest still has: KubeVirt unplugs what is marked as absent,
 * and the entry may go once the instance does not list it any more. Only NICs on a bridge can be unplugged; any other
 * is left out at once, and is gone with the next start.
 */
export function leaving(
  wanted: ReadonlySet<string>,
  { vm, vmi }: { readonly vm: KubeObject | undefined; readonly vmi: KubeObject | undefined },
): Leaving {
  const spec: Json = vm?.['spec']?.template?.spec;
  const attached: readonly Json[] = vmi?.['status']?.interfaces ?? [];
  const plugged = new Set(attached.map((one) => one.name));
  const present: readonly Json[] = spec?.domain?.devices?.interfaces ?? [];
  const going = present.filter(({ name, bridge }) => !wanted.has(name) && plugged.has(name) && bridge !== undefined);
  const names = new Set(going.map(({ name }) => name));
  const networks: readonly Json[] = spec?.networks ?? [];
  return {
    interfaces: going.map((one) => ({ ...one, state: 'absent' })),
    networks: networks.filter(({ name }) => names.has(name)),
  };
}
