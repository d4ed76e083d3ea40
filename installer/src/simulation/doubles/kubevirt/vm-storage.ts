import type { Json } from '#kube/json';
import type { Shelf } from '../shelf.ts';

/** How the disks of a virtual machine stand. */
export type Storage =
  | { readonly state: 'ready' }
  | { readonly state: 'provisioning' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'missing'; readonly claim: string }
  | { readonly state: 'unbound'; readonly claim: string };

export interface StorageShelves {
  readonly claims: Shelf;
  readonly dataVolumes: Shelf;
}

/** The claims behind the volumes of an instance's spec, by volume; a DataVolume's claim carries its name. */
export function claimNames(
  spec: Json,
): readonly { readonly volume: string; readonly claim: string; readonly dataVolume: boolean }[] {
  return (spec.volumes ?? []).flatMap((one: Json) => {
    const claim = one.persistentVolumeClaim?.claimName ?? one.dataVolume?.name;
    return claim === undefined ? [] : [{ volume: one.name, claim, dataVolume: one.dataVolume !== undefined }];
  });
}

const patient = ['WaitForFirstConsumer', 'PendingPopulation'];

/** The worst news about the claims of a spec. */
export function storageOf(spec: Json, namespace: string, shelves: StorageShelves): Storage {
  const found = claimNames(spec).map((one) => claimState(one, namespace, shelves));
  const order = ['failed', 'missing', 'provisioning', 'unbound', 'ready'];
  return found.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0] ?? { state: 'ready' };
}

function claimState(one: { claim: string; dataVolume: boolean }, namespace: string, shelves: StorageShelves): Storage {
  const { claim } = one;
  const source = shelves.dataVolumes.get(claim, namespace) as Json;
  const phase = source?.status?.phase;
  if (phase === 'Failed') return { state: 'failed', message: `DataVolume ${claim} failed` };
  if (source !== undefined && phase !== 'Succeeded')
    return { state: patient.includes(phase) ? 'unbound' : 'provisioning', claim };
  const bound: Json = shelves.claims.get(claim, namespace);
  if (bound === undefined) return { state: one.dataVolume ? 'provisioning' : 'missing', claim };
  return bound.status?.phase === 'Bound' ? { state: 'ready' } : { state: 'unbound', claim };
}
