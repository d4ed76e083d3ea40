import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { nameOf } from '../../verbs/object-name.ts';
import { allOf } from '../removal/kinds.ts';
import { type Groups, takenOff } from '../removal/taken-off.ts';
import type { ResetWish } from '../wish.ts';
import { driver, type Volume, volumesIn, volumeTarget } from './volumes.ts';
import { isSomebodys, machinesIn, machineTarget, workloadKinds } from './workloads.ts';

const snapshots = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' };
const dataVolumes = { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume' };

/** Machines first, then the snapshots and disks that they used, each named in the consent; then what stood for them. */
export function workloadsOff(wish: ResetWish): Step {
  return takenOff({
    id: 'reset-workloads/machines-and-volumes',
    title: wish.keepData
      ? 'Remove virtual machines, and let go of their volumes'
      : 'Remove virtual machines and volumes',
    groups: (sight) => groupsIn(sight, wish),
    loses: (object, sight) => lost(object, sight, wish),
    refusal: (_, sight) => usedByOthers(sight),
  });
}

async function groupsIn({ cluster }: Sight, { keepData }: ResetWish): Promise<Groups> {
  const machines = await Promise.all((await workloadKinds(cluster)).map((kind) => allOf(cluster, [kind])));
  const volumes = await volumesIn(cluster);
  const claims = volumes.flatMap(({ claim }) => (claim === undefined ? [] : [claim]));
  const persistent: readonly Json[] = await cluster.list({ apiVersion: 'v1', kind: 'PersistentVolume' });
  const names = new Set(volumes.map(({ volume }) => volume));
  const held = persistent.filter(({ metadata, spec }) => spec?.csi?.driver === driver || names.has(metadata.name));
  return [
    ...machines,
    await allOf(cluster, [snapshots]),
    await allOf(cluster, [dataVolumes]),
    [...claims, ...(await pendingClaims(cluster))],
    held,
    ...(keepData ? [] : [await looseVolumes(cluster)]),
  ];
}

/** Claims that ask Longhorn for a volume and have none yet: nothing lies behind them. */
async function pendingClaims(cluster: Sight['cluster']): Promise<readonly KubeObject[]> {
  const classes: readonly Json[] = await cluster.list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
  const ours = classes.filter(({ provisioner }) => provisioner === driver).map(({ metadata }) => metadata.name);
  const claims: readonly Json[] = await cluster.list({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
  return claims.filter(({ spec }) => spec?.volumeName === undefined && ours.includes(spec?.storageClassName));
}

/** What Longhorn still has when every claim is gone: volumes that nobody claims, or whose class says Retain. */
async function looseVolumes(cluster: Sight['cluster']): Promise<readonly KubeObject[]> {
  return allOf(cluster, [{ apiVersion: 'longhorn.io/v1beta2', kind: 'Volume' }]);
}

async function lost(object: KubeObject, { cluster }: Sight, { keepData }: ResetWish): Promise<string | undefined> {
  if (!isSomebodys(object) && object.kind !== 'Volume') return undefined;
  const machine = (await machinesIn(cluster)).find((one) => one.object.metadata.uid === object.metadata.uid);
  if (machine !== undefined) return machineTarget(machine.name);
  if (keepData) return undefined;
  const volume = (await volumesIn(cluster)).find((one) => standsFor(object, one));
  return volume === undefined || volume.isTrial ? undefined : volumeTarget(volume);
}

/** The claim of a volume stands for it, and where there is none the volume itself. */
function standsFor({ kind, metadata }: KubeObject, { claim, volume }: Volume): boolean {
  if (claim !== undefined) return claim.metadata.uid === metadata.uid;
  return kind === 'Volume' && metadata.name === volume;
}

/** Pods that somebody else keeps would make new ones for ever: that is for whoever made them to end. */
async function usedByOthers({ cluster }: Sight): Promise<Fault | undefined> {
  for (const volume of await volumesIn(cluster)) {
    const stranger = volume.isTrial ? undefined : volume.users.find((pod) => !isOfPlatform(pod));
    if (stranger !== undefined) return inUse(volume, stranger);
  }
  return undefined;
}

function isOfPlatform({ metadata: { labels = {} } }: KubeObject): boolean {
  const isFiller = labels['app'] === 'containerized-data-importer' || labels['cdi.kubevirt.io'] !== undefined;
  return isFiller || labels['kubevirt.io'] !== undefined;
}

function endOf({ metadata }: KubeObject, owner: { readonly kind: string; readonly name: string } | undefined): string {
  const where = `--namespace ${metadata.namespace}`;
  if (owner === undefined) return `kubectl ${where} delete pod ${metadata.name}`;
  return `kubectl ${where} scale --replicas 0 ${owner.kind === 'ReplicaSet' ? 'deployment/NAME' : `${owner.kind.toLowerCase()}/${owner.name}`}`;
}

function inUse({ name }: Volume, pod: KubeObject): Fault {
  const { namespace } = pod.metadata;
  const owner = pod.metadata.ownerReferences?.[0];
  return new Fault({
    code: 'DELETION-STUCK',
    message: `the volume ${name} is open in ${nameOf(pod)}, which is no virtual machine`,
    cause: owner === undefined ? 'somebody started that pod by hand' : `${owner.kind} ${owner.name} keeps that pod`,
    where: [`object PersistentVolumeClaim ${name}`],
    remedy: [
      `kubectl --namespace ${namespace} get pods          what else uses volumes there`,
      endOf(pod, owner),
      'then run the same command again',
    ],
  });
}
