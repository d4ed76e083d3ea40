import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';
import { isActive } from '../owned-pods.ts';
import { writeStatus } from '../status.ts';
import { type StorageSeen, usersOf } from './storage-seen.ts';

const PROTECTION = 'kubernetes.io/pvc-protection';
const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

/** Gives a claim its class and its volume, and lets go of one that is deleted and no longer used. */
export async function syncClaim(stage: Stage, seen: StorageSeen, key: string): Promise<void> {
  const [namespace, name = ''] = key.split('/');
  const claim = seen.claims.get(name, namespace);
  if (claim === undefined) return;
  if (claim.metadata.deletionTimestamp !== undefined) await release(stage, seen, claim);
  else await settle(stage, seen, claim);
}

async function settle(stage: Stage, seen: StorageSeen, claim: KubeObject): Promise<void> {
  if (!claim.metadata.finalizers?.includes(PROTECTION)) {
    await stage.api.patch(pathOf(claim), {
      metadata: { finalizers: [...(claim.metadata.finalizers ?? []), PROTECTION] },
    });
  }
  if (claim['spec'].storageClassName === undefined && claim['spec'].volumeName === undefined) {
    await giveClass(stage, seen, claim);
    return;
  }
  const volume = seen.volumes.all().find((one) => isFor(one, claim));
  const lost = claim['spec'].volumeName !== undefined && claim['status']?.phase === 'Bound';
  if (volume !== undefined) await bind(stage, claim, volume);
  else if (lost) await writeStatus(stage, claim, { phase: 'Lost' });
  else await announce(stage, seen, claim);
}

function isFor(volume: KubeObject, claim: KubeObject): boolean {
  const { claimRef } = volume['spec'];
  const { name, namespace, uid } = claim.metadata;
  return (
    claimRef?.name === name && claimRef.namespace === namespace && (claimRef.uid === undefined || claimRef.uid === uid)
  );
}

/** The newest default class wins, as in Kubernetes itself. */
async function giveClass(stage: Stage, { classes }: StorageSeen, claim: KubeObject): Promise<void> {
  const defaults = classes.all().filter((one) => one.metadata.annotations?.[DEFAULT] === 'true');
  const newest = defaults.toSorted(
    (a, b) =>
      (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '') ||
      a.metadata.name.localeCompare(b.metadata.name),
  )[0];
  if (newest === undefined) await pending(stage, claim);
  else await stage.api.patch(pathOf(claim), { spec: { storageClassName: newest.metadata.name } });
}

async function pending(stage: Stage, claim: KubeObject): Promise<void> {
  await writeStatus(stage, claim, { phase: 'Pending' });
}

/** Says which provisioner is to make the volume; it acts on this annotation. */
async function announce(stage: Stage, { classes }: StorageSeen, claim: KubeObject): Promise<void> {
  await pending(stage, claim);
  const storageClass = classes.get(claim['spec'].storageClassName);
  const waits = storageClass?.['volumeBindingMode'] === 'WaitForFirstConsumer';
  const chosen = claim.metadata.annotations?.['volume.kubernetes.io/selected-node'];
  const provisioner: string | undefined = storageClass?.['provisioner'];
  const told = claim.metadata.annotations?.['volume.kubernetes.io/storage-provisioner'];
  if (provisioner === undefined || told === provisioner || (waits && chosen === undefined)) return;
  const annotations = {
    'volume.beta.kubernetes.io/storage-provisioner': provisioner,
    'volume.kubernetes.io/storage-provisioner': provisioner,
  };
  await stage.api.patch(pathOf(claim), { metadata: { annotations } });
}

async function bind(stage: Stage, claim: KubeObject, volume: KubeObject): Promise<void> {
  const { name, uid } = claim.metadata;
  if (claim['spec'].volumeName !== volume.metadata.name) {
    const annotations = { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' };
    await stage.api.patch(pathOf(claim), { metadata: { annotations }, spec: { volumeName: volume.metadata.name } });
  }
  if (volume['spec'].claimRef.uid === undefined) {
    await stage.api.patch(pathOf(volume), {
      spec: { claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, uid } },
    });
  }
  const capacity = claim['status']?.capacity ?? { storage: volume['spec'].capacity.storage };
  await writeStatus(stage, claim, { phase: 'Bound', accessModes: volume['spec'].accessModes, capacity });
}

async function release(stage: Stage, { pods }: StorageSeen, claim: KubeObject): Promise<void> {
  const finalizers = claim.metadata.finalizers ?? [];
  const used = usersOf(pods, claim).some((pod) => isActive(pod) || pod.metadata.deletionTimestamp !== undefined);
  if (used || !finalizers.includes(PROTECTION)) return;
  await stage.api.patch(pathOf(claim), { metadata: { finalizers: finalizers.filter((one) => one !== PROTECTION) } });
}
