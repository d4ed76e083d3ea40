import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isAvailable } from '../readiness.ts';
import { keyOf, type Shelf } from '../shelf.ts';
import type { WorkQueue } from '../work-queue.ts';
import type { GuestDisks } from './guest-disks.ts';
import type { ClassShelves } from './snapshot-classes.ts';
import { SNAPSHOT_API, VOLUME_SNAPSHOT_API } from './snapshot-terms.ts';
import type { VirtShelves } from './virt-controller.ts';
import { reconcileRestore } from './vm-restore.ts';
import { reconcileSnapshot } from './vm-snapshot.ts';
import { reconcileContent } from './vm-snapshot-content.ts';

/** Everything that virt-controller's part for snapshots works with. */
export interface Snapshots {
  readonly stage: Stage;
  readonly shelves: ClassShelves;
  /** A snapshot also keeps what guests have written. */
  readonly disks: GuestDisks;
}

/** virt-controller's part for snapshots: what is kept, of which claims, and how it is put back. */
export function vmSnapshots(stage: Stage, disks: GuestDisks, { deployments }: VirtShelves): void {
  const works = () => deployments.all().some((one) => one.metadata.name === 'virt-controller' && isAvailable(one));
  const about: Snapshots = { stage, disks, shelves: classShelves(stage) };
  const queue = (reconcile: (about: Snapshots, key: string) => Promise<number | undefined>) =>
    stage.queue(async (key) => (works() ? reconcile(about, key) : 5));
  const queues: Queues = {
    snapshots: queue(reconcileSnapshot),
    contents: queue(reconcileContent),
    restores: queue(reconcileRestore),
  };
  const snapshots = followKept(stage, queues);
  const restores = stage.follow({
    path: kindPath(SNAPSHOT_API, 'VirtualMachineRestore'),
    on: ({ object }) => queues.restores.add(keyOf(object)),
  });
  followSubjects(stage, queues, { snapshots, restores });
}

interface Queues {
  readonly snapshots: WorkQueue;
  readonly contents: WorkQueue;
  readonly restores: WorkQueue;
}

function addAll(shelf: Shelf, queue: WorkQueue, fits: (one: Json) => boolean): void {
  for (const one of shelf.all()) if (fits(one)) queue.add(keyOf(one));
}

/** Snapshots, their contents, and what the storage has made of each claim: each wakes the one above and below it. */
function followKept(stage: Stage, queues: Queues): Shelf {
  const contents = stage.follow({
    path: kindPath(SNAPSHOT_API, 'VirtualMachineSnapshotContent'),
    on: ({ object }) => {
      queues.contents.add(keyOf(object));
      queues.snapshots.add(`${object.metadata.namespace}/${object['spec'].virtualMachineSnapshotName}`);
    },
  });
  stage.follow({
    path: kindPath(VOLUME_SNAPSHOT_API, 'VolumeSnapshot'),
    on: ({ object }) => {
      const owner = object.metadata.ownerReferences?.find((one) => one.kind === 'VirtualMachineSnapshotContent');
      if (owner !== undefined) queues.contents.add(`${object.metadata.namespace}/${owner.name}`);
    },
  });
  return stage.follow({
    path: kindPath(SNAPSHOT_API, 'VirtualMachineSnapshot'),
    on: ({ object }) => {
      const { name } = object.metadata;
      queues.snapshots.add(keyOf(object));
      addAll(contents, queues.contents, (one) => one.spec.virtualMachineSnapshotName === name);
    },
  });
}

/** The machines that snapshots and restores are about, and the claims that a restore waits for. */
function followSubjects(
  stage: Stage,
  queues: Queues,
  { snapshots, restores }: { readonly snapshots: Shelf; readonly restores: Shelf },
): void {
  const machineChanged = ({ metadata: { name, namespace } }: KubeObject) => {
    const isHere = (one: Json) => one.metadata.namespace === namespace;
    addAll(snapshots, queues.snapshots, (one) => isHere(one) && one.spec.source.name === name);
    addAll(restores, queues.restores, (one) => isHere(one) && one.spec.target.name === name);
  };
  for (const kind of ['VirtualMachine', 'VirtualMachineInstance'])
    stage.follow({ path: kindPath('kubevirt.io/v1', kind), on: ({ object }) => machineChanged(object) });
  const waitsFor = (restore: Json, claim: string) =>
    (restore.status?.restores ?? []).some((volume: Json) => volume.persistentVolumeClaim === claim);
  stage.follow({
    path: kindPath('v1', 'PersistentVolumeClaim'),
    on: ({ object }) => addAll(restores, queues.restores, (one) => waitsFor(one, object.metadata.name)),
  });
}

function classShelves(stage: Stage): ClassShelves {
  return {
    classes: stage.follow({ path: kindPath('storage.k8s.io/v1', 'StorageClass') }),
    profiles: stage.follow({ path: kindPath('cdi.kubevirt.io/v1beta1', 'StorageProfile') }),
    snapshotClasses: stage.follow({ path: kindPath(VOLUME_SNAPSHOT_API, 'VolumeSnapshotClass') }),
  };
}
