import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { refOf } from '#kube/ref';
import type { Wukong } from '../../api/wukong.ts';
import { type Departure, type OwnedStorage, ownersToDrop, removedClaims } from './disks/departures.ts';
import { retiredNads } from './networks/retired-nads.ts';
import type { Observed } from './observe.ts';
import type { Pass } from './pass.ts';
import type { Kind } from './sight.ts';
import type { Wanted } from './wanted.ts';

/** Takes away what the Wukong no longer asks for: networks, disks that the machine has let go, restores that are over. */
export async function retire(wukong: Wukong, seen: Observed, wanted: Wanted, pass: Pass): Promise<void> {
  const { client, signal } = pass;
  const made = madeFor(wukong, 'NetworkAttachmentDefinition', pass);
  const nads = retiredNads(wukong, wanted.networks, made, seen.vm);
  for (const object of [...wanted.restore.finished, ...nads]) await remove(client, object, signal);
  if (wanted.restore.hold) return;
  const storage = storageOf(wukong, seen, pass);
  for (const { object, patch } of ownersToDrop(wukong, storage)) await client.patch(refOf(object), patch, { signal });
  await carryOut(wukong, removedClaims(wukong, storage), pass);
}

export function storageOf(wukong: Wukong, { vm, vmi }: Pick<Observed, 'vm' | 'vmi'>, pass: Pass): OwnedStorage {
  const claims = madeFor(wukong, 'PersistentVolumeClaim', pass);
  return { claims, dataVolumes: madeFor(wukong, 'DataVolume', pass), vm, vmi };
}

/** Releases what is kept, then removes the rest. */
export async function carryOut(wukong: Wukong, departure: Departure, pass: Pass): Promise<void> {
  const { client, signal } = pass;
  for (const { object, patch } of departure.release) {
    await client.patch(refOf(object), patch, { signal });
    const note = `${object.kind} ${object.metadata.name} is kept, and belongs to nobody now`;
    pass.tell(wukong, { type: 'Normal', reason: 'DiskRetained', note, related: refOf(object) });
  }
  for (const object of departure.remove) await remove(client, object, signal);
}

/** Deletes an object, and only that very one; what is on its way already is left to it. */
export async function remove(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<void> {
  const { uid, deletionTimestamp } = object.metadata;
  if (deletionTimestamp !== undefined) return;
  await client.delete(refOf(object), { propagation: 'Background', signal, ...(uid === undefined ? {} : { uid }) });
}

/** What says that it was made for this Wukong; whose it really is has to be judged. */
function madeFor(wukong: Wukong, kind: Kind, { sight }: Pass): readonly KubeObject[] {
  const { namespace, name } = wukong.metadata;
  return sight.by(kind, 'wukong', `${namespace}/${name}`);
}
