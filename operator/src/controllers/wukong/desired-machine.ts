import { createHash } from 'node:crypto';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { claimName, vmName, type Wukong, type WukongDisk, type WukongNetwork } from '../../api/wukong.ts';
import { childMeta } from './child-meta.ts';

/** The KubeVirt machine of a Wukong: only fields that are ours, each list whole. */
export function desiredMachine(wukong: Wukong): KubeObject {
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
        disks: [...devices(disks), ...seed.map(({ name }) => ({ name, disk: { bus: 'virtio' } }))],
        interfaces: networks.map((network) => interfaceOf(wukong, network)),
      },
    },
    networks: networks.map(({ name, nadName }) =>
      nadName === undefined ? { name, pod: {} } : { name, multus: { networkName: nadName } },
    ),
    volumes: [...volumes, ...seed],
  };
}

function devices(disks: readonly WukongDisk[]): readonly Json[] {
  const bootDisk = disks.find((disk) => disk.boot === true) ?? disks[0];
  return disks.map((disk) => ({
    name: disk.name,
    disk: { bus: 'virtio' },
    ...(disk === bootDisk ? { bootOrder: 1 } : {}),
  }));
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
