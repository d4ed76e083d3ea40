import { createHash } from 'node:crypto';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { quantity } from '../../api/quantity.ts';
import { apiVersion, claimName, vmName, type Wukong, type WukongDisk, type WukongNetwork } from '../../api/wukong.ts';
import type { Observed } from './observe.ts';

/** What should exist because of one Wukong, in the order of applying. Pure: the same input gives the same objects. */
export function desired(wukong: Wukong, observed: Observed): readonly KubeObject[] {
  const disks = wukong.spec.disks.flatMap((disk) => desiredDisk(wukong, disk, observed));
  return hasAllClaims(wukong, observed) ? [...disks, virtualMachine(wukong)] : disks;
}

/** The machine is made once each claim is there and filled; before that KubeVirt could only complain. */
function hasAllClaims(wukong: Wukong, { claims, dataVolumes }: Observed): boolean {
  return wukong.spec.disks.every((disk) => {
    const filling = dataVolumes.get(disk.name);
    // CDI may take finished DataVolumes away; a claim without one is not being filled.
    if (filling === undefined) return claims.has(disk.name);
    // On a class that waits for its first consumer, the machine is that consumer.
    const phase = filling['status']?.phase;
    return claims.has(disk.name) && ['Succeeded', 'WaitForFirstConsumer', 'PendingPopulation'].includes(phase);
  });
}

function desiredDisk(wukong: Wukong, disk: WukongDisk, observed: Observed): readonly KubeObject[] {
  const claim = observed.claims.get(disk.name);
  if (disk.image === undefined) return [emptyClaim(wukong, disk, claim)];
  if (claim !== undefined) return isSmaller(requested(claim), disk.size) ? [grown(claim, disk.size)] : [];
  // The spec of a DataVolume cannot be changed: it is made once, and afterwards left alone.
  return observed.dataVolumes.has(disk.name) ? [] : [dataVolume(wukong, disk, disk.image)];
}

function requested(claim: KubeObject | undefined): string | undefined {
  return claim?.['spec']?.resources?.requests?.storage;
}

function isSmaller(one: string | undefined, other: string): boolean {
  return (quantity(one) ?? 0) < (quantity(other) ?? 0);
}

/** Only the size of a claim that somebody else made: the DataVolume that it came from cannot be changed. */
function grown({ apiVersion, kind, metadata }: KubeObject, storage: string): KubeObject {
  const { name, namespace } = metadata;
  const where = namespace === undefined ? {} : { namespace };
  return { apiVersion, kind, metadata: { name, ...where }, spec: { resources: { requests: { storage } } } };
}

function emptyClaim(wukong: Wukong, disk: WukongDisk, live: KubeObject | undefined): KubeObject {
  const has = requested(live);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: childMeta(wukong, claimName(wukong, disk), { 'vm.novasphere.dev/disk': disk.name }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Block',
      ...classOf(disk),
      // A claim that somebody has grown is not asked to shrink: it cannot.
      resources: { requests: { storage: has === undefined || isSmaller(has, disk.size) ? disk.size : has } },
    },
  };
}

function dataVolume(wukong: Wukong, disk: WukongDisk, image: string): KubeObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: childMeta(wukong, claimName(wukong, disk), { 'vm.novasphere.dev/disk': disk.name }),
    spec: { source: sourceOf(image), storage: { ...classOf(disk), resources: { requests: { storage: disk.size } } } },
  };
}

/** `pullMethod: node` takes the image from the node's own store, which is where an air-gapped site has it. */
function sourceOf(image: string): Json {
  if (/^https?:/.test(image)) return { http: { url: image } };
  if (image.startsWith('oci-archive://')) return { registry: { url: image } };
  return { registry: { url: image.startsWith('docker://') ? image : `docker://${image}`, pullMethod: 'node' } };
}

function classOf(disk: WukongDisk): Json {
  return disk.storageClassName === undefined ? {} : { storageClassName: disk.storageClassName };
}

function virtualMachine(wukong: Wukong): KubeObject {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: childMeta(wukong, vmName(wukong)),
    spec: {
      runStrategy: wukong.spec.power === 'Off' ? 'Halted' : 'Always',
      template: {
        metadata: { labels: { 'vm.novasphere.dev/wukong': wukong.metadata.name, 'kubevirt.io/vm': vmName(wukong) } },
        spec: instance(wukong),
      },
    },
  };
}

function instance(wukong: Wukong): Json {
  const { cpu, memory, disks, cloudInit } = wukong.spec;
  const networks = wukong.spec.networks ?? [{ name: 'default' }];
  const bootDisk = disks.find((disk) => disk.boot === true) ?? disks[0];
  const devices = disks.map((disk) => ({
    name: disk.name,
    disk: { bus: 'virtio' },
    ...(disk === bootDisk ? { bootOrder: 1 } : {}),
  }));
  const volumes = disks.map((disk) => ({
    name: disk.name,
    persistentVolumeClaim: { claimName: claimName(wukong, disk) },
  }));
  const seed =
    cloudInit === undefined
      ? []
      : [{ name: 'cloudinitdisk', cloudInitNoCloud: { secretRef: cloudInit.userDataSecretRef } }];
  return {
    terminationGracePeriodSeconds: 180,
    domain: {
      cpu: { sockets: cpu, cores: 1, threads: 1 },
      memory: { guest: memory },
      devices: {
        rng: {},
        disks: [...devices, ...seed.map(({ name }) => ({ name, disk: { bus: 'virtio' } }))],
        interfaces: networks.map((network) => interfaceOf(wukong, network)),
      },
    },
    networks: networks.map(({ name, nadName }) =>
      nadName === undefined ? { name, pod: {} } : { name, multus: { networkName: nadName } },
    ),
    volumes: [...volumes, ...seed],
  };
}

function interfaceOf(wukong: Wukong, { name, nadName }: WukongNetwork): Json {
  const binding = nadName === undefined ? { masquerade: {} } : { bridge: {} };
  return { name, macAddress: macOf(wukong, name), model: 'virtio', ...binding };
}

/** Locally administered and stable for the life of the object, so that leases and guest rules stay true over restarts. */
export function macOf(wukong: Wukong, network: string): string {
  const digest = createHash('sha256')
    .update(`${wukong.metadata.uid ?? ''}/${network}`)
    .digest('hex');
  return ['02', ...[0, 2, 4, 6, 8].map((at) => digest.slice(at, at + 2))].join(':');
}

function childMeta(
  wukong: Wukong,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): KubeObject['metadata'] {
  return {
    name,
    ...(wukong.metadata.namespace === undefined ? {} : { namespace: wukong.metadata.namespace }),
    labels: {
      'app.kubernetes.io/managed-by': 'novasphere-operator',
      'app.kubernetes.io/name': 'wukong',
      'app.kubernetes.io/instance': wukong.metadata.name,
      'vm.novasphere.dev/wukong': wukong.metadata.name,
      ...labels,
    },
    ownerReferences: [
      {
        apiVersion,
        kind: 'Wukong',
        name: wukong.metadata.name,
        uid: wukong.metadata.uid ?? '',
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}
