import type { Json } from '#kube/json';
import { kindPath, pathOf } from '../kube-path.ts';
import { claimPath } from './snapshot-terms.ts';
import type { Snapshots } from './vm-snapshots.ts';
import { claimNames } from './vm-storage.ts';

export const SOURCE_FINALIZER = 'snapshot.kubevirt.io/snapshot-source-protection';
const NOT_LOCKED = 'Source not locked';

export function isLocked(machine: Json, snapshot: Json): boolean {
  return (
    machine?.status?.snapshotInProgress === snapshot.metadata.name &&
    (machine.metadata.finalizers ?? []).includes(SOURCE_FINALIZER)
  );
}

/** Keeps the machine from being changed while its disks are kept. Answers why it cannot be, where it cannot. */
export async function lock(about: Snapshots, machine: Json, snapshot: Json): Promise<string | undefined> {
  const { api } = about.stage;
  const { name, namespace } = machine.metadata;
  const obstacle = await volumeObstacle(about, machine);
  if (obstacle !== undefined) return `${NOT_LOCKED} source ${namespace}/${name} ${obstacle}`;
  const other: string | undefined = machine.status?.snapshotInProgress ?? undefined;
  if (other !== undefined && other !== snapshot.metadata.name) return `${NOT_LOCKED} snapshot "${other}" in progress`;
  if (other === undefined) await api.patchStatus(pathOf(machine), { snapshotInProgress: snapshot.metadata.name });
  const finalizers: readonly string[] = machine.metadata.finalizers ?? [];
  if (!finalizers.includes(SOURCE_FINALIZER))
    await api.patch(pathOf(machine), { metadata: { finalizers: [...finalizers, SOURCE_FINALIZER] } });
  return undefined;
}

export async function unlock({ stage }: Snapshots, machine: Json, snapshot: Json): Promise<void> {
  if (machine?.status?.snapshotInProgress !== snapshot.metadata.name) return;
  const finalizers: readonly string[] = machine.metadata.finalizers ?? [];
  const rest = finalizers.filter((one) => one !== SOURCE_FINALIZER);
  if (rest.length < finalizers.length) await stage.api.patch(pathOf(machine), { metadata: { finalizers: rest } });
  await stage.api.patchStatus(pathOf(machine), { snapshotInProgress: null });
}

async function volumeObstacle({ stage }: Snapshots, machine: Json): Promise<string | undefined> {
  const { namespace } = machine.metadata;
  for (const { claim } of claimNames(machine.spec.template.spec)) {
    const found: Json = await stage.api.get(claimPath(namespace, claim));
    if (found === undefined) return `volume doesnt exist: ${claim}`;
    if (found.metadata.deletionTimestamp !== undefined) return `volume is being deleted: ${claim}`;
    if (found.status?.phase !== 'Bound') return `volume not bound: ${claim}`;
    const path = `${kindPath('cdi.kubevirt.io/v1beta1', 'DataVolume', namespace)}/${claim}`;
    const owned = found.metadata.ownerReferences?.some((one: Json) => one.kind === 'DataVolume');
    const filled: Json = owned ? await stage.api.get(path) : undefined;
    if (filled !== undefined && filled.status?.phase !== 'Succeeded') return `volume not populated: ${claim}`;
  }
  return undefined;
}
