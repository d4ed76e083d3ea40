import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { vmName, type Wukong } from '../../api/wukong.ts';
import type { WukongSnapshot } from '../../api/wukong-snapshot.ts';
import { controllerOf } from '../wukong/ownership.ts';
import { kinds } from '../wukong/sight.ts';
import type { SnapshotPass } from './reconcile-snapshot.ts';
import type { SnapshotSeen } from './seen.ts';

/** Reads the copies; the server itself only once, for the size of a snapshot that has become ready. */
export async function seeSnapshot(snapshot: WukongSnapshot, pass: SnapshotPass): Promise<SnapshotSeen> {
  const { sight } = pass;
  const { name, namespace } = snapshot.metadata;
  const wukong = sight.get('Wukong', namespace, snapshot.spec.wukongName) as Wukong | undefined;
  const vm = wukong && sight.get('VirtualMachine', namespace, vmName(wukong));
  const taken = sight.get('VirtualMachineSnapshot', namespace, name);
  const isNew = taken?.['status']?.readyToUse === true && snapshot.status?.restoreSize === undefined;
  return {
    served: sight.serves('VirtualMachineSnapshot'),
    wukong,
    vm: vm !== undefined && controllerOf(vm) === wukong?.metadata.uid ? vm : undefined,
    taken,
    volumeSnapshots: isNew ? await volumesOf(taken, pass) : [],
  };
}

/** What the storage has made of each disk. */
async function volumesOf(taken: KubeObject, { client, signal }: SnapshotPass): Promise<readonly KubeObject[]> {
  const where = taken.metadata.namespace === undefined ? {} : { namespace: taken.metadata.namespace };
  const name: string | undefined = taken['status'].virtualMachineSnapshotContentName;
  if (name === undefined) return [];
  const record = { apiVersion: kinds.VirtualMachineSnapshot, kind: 'VirtualMachineSnapshotContent', name, ...where };
  const backups: readonly Json[] = (await client.get(record, { signal }))?.['spec']?.volumeBackups ?? [];
  const names: readonly string[] = backups.flatMap(({ volumeSnapshotName }) => volumeSnapshotName ?? []);
  const found = await Promise.all(
    names.map((one) =>
      client.get({ apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot', name: one, ...where }, { signal }),
    ),
  );
  // A size that is not known of every disk is not the size of the snapshot.
  return found.every((one) => one !== undefined) ? found : [];
}
