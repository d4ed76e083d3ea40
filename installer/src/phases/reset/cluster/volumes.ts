import type { Json } from '#kube/json';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import { formatSize } from '#profile/units';
import { isSomebodys } from './workloads.ts';

export const driver = 'driver.longhorn.io';
const namespace = 'longhorn-system';

/** A volume that goes with the platform: of Longhorn, or filled by CDI, whoever asked for it. */
export interface Volume {
  /** `namespace/claim`, as `--with-volume` takes it; the volume's own name when no claim has it. */
  readonly name: string;
  /** The name of the PersistentVolume, which is Longhorn's name for it, too. */
  readonly volume: string;
  /** Bytes. */
  readonly size: number;
  /** Pods that have it open. */
  readonly users: readonly KubeObject[];
  /** Where its data lies; empty when that is not on a disk of Longhorn. */
  readonly replicas: readonly Replica[];
  readonly claim?: KubeObject;
  /** Of a trial of our own. */
  readonly isTrial: boolean;
}

export interface Replica {
  readonly node: string;
  /** The directory on that node. */
  readonly path: string;
}

/** In the order of their names. */
export async function volumesIn(cluster: ClusterSight): Promise<readonly Volume[]> {
  const [volumes, claims, pods, replicas] = await Promise.all([
    cluster.list({ apiVersion: 'longhorn.io/v1beta2', kind: 'Volume', namespace }),
    cluster.list({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }),
    cluster.list({ apiVersion: 'longhorn.io/v1beta2', kind: 'Replica', namespace }),
  ]);
  const byVolume = new Map(claims.map((claim: Json) => [claim.spec?.volumeName ?? '', claim as KubeObject]));
  const known = new Set(volumes.map(({ metadata }) => metadata.name));
  const others = claims.filter((claim: Json) => isFilled(claim) && !known.has(claim.spec?.volumeName));
  const all = [
    ...volumes.map((one: Json) => ({
      ...about(byVolume.get(one.metadata.name), one.metadata.name, pods, one.status?.kubernetesStatus),
      size: bytesIn(one.spec?.size),
      replicas: replicas.filter(({ spec }: Json) => spec?.volumeName === one.metadata.name).map(placeOf),
    })),
    ...others.map((claim: Json) => ({
      ...about(claim, claim.spec?.volumeName ?? '', pods),
      size: bytesIn(claim.status?.capacity?.storage ?? claim.spec?.resources?.requests?.storage),
      replicas: [],
    })),
  ];
  return all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** A volume whose claim has gone keeps its name: consent was for that. */
function about(claim: KubeObject | undefined, volume: string, pods: readonly KubeObject[], before: Json = {}) {
  const metadata = claim?.metadata ?? { namespace: before.namespace, name: before.pvcName };
  const isKnown = typeof metadata.name === 'string' && metadata.name !== '';
  return {
    volume,
    name: isKnown ? `${metadata.namespace}/${metadata.name}` : volume,
    isTrial: isKnown && !isSomebodys({ metadata }),
    users: claim === undefined ? [] : usersOf(claim, pods),
    ...(claim === undefined ? {} : { claim }),
  };
}

/** A claim that a DataVolume has made goes with it. */
function isFilled({ metadata, spec }: Json): boolean {
  const owners: readonly Json[] = metadata.ownerReferences ?? [];
  return spec?.volumeName !== undefined && owners.some(({ kind }) => kind === 'DataVolume');
}

/** Pods that have a claim open. */
function usersOf({ metadata }: KubeObject, pods: readonly Json[]): readonly KubeObject[] {
  return pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      !['Succeeded', 'Failed'].includes(pod.status?.phase) &&
      (pod.spec?.volumes ?? []).some((one: Json) => one.persistentVolumeClaim?.claimName === metadata.name),
  );
}

function placeOf({ spec, metadata }: Json): Replica {
  const path = String(spec.diskPath ?? '/var/lib/longhorn').replace(/\/$/, '');
  return { node: spec.nodeID ?? '', path: `${path}/replicas/${spec.dataDirectoryName ?? metadata.name}` };
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity of Kubernetes in bytes; what is none counts as nothing. */
function bytesIn(quantity: Json): number {
  const [, amount = '0', unit = ''] = /^([\d.]+)([kMGT]?i?)$/.exec(String(quantity ?? '')) ?? [];
  return Number(amount) * (units[unit] ?? 1);
}

/** A volume exactly as consent names it. */
export function volumeTarget({ name, size }: Pick<Volume, 'name' | 'size'>): string {
  return `volume ${name} (${formatSize(size)})`;
}
