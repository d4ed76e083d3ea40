import type { Json } from '#kube/json';
import { quantity } from '../quantity.ts';
import { claimNames } from './vm-storage.ts';

/** What virt-controller knows of the installation when it makes a launcher pod. */
export interface LauncherSettings {
  readonly launcherImage: string;
  readonly emulation: boolean;
  /** virtualMachineOptions.disableSerialConsoleLog. */
  readonly silentConsole: boolean;
  /** Whether a claim is a block device. */
  isBlock(claim: string): boolean;
}

const user = { runAsNonRoot: true, runAsUser: 107, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
/** What libvirt, QEMU and the launcher take beside the guest's memory, as in the recorded pod. */
const OVERHEAD = 268;

function devices(instance: Json, settings: LauncherSettings): Readonly<Record<string, string>> {
  const networked = (instance.spec.domain.devices.interfaces ?? []).length > 0;
  return {
    ...(!settings.emulation && { 'devices.kubevirt.io/kvm': '1' }),
    ...(networked && { 'devices.kubevirt.io/tun': '1' }),
    ...(networked && !settings.emulation && { 'devices.kubevirt.io/vhost-net': '1' }),
  };
}

function computeResources(instance: Json, settings: LauncherSettings): Json {
  const { domain } = instance.spec;
  const guest = domain.memory?.guest ?? domain.resources?.requests?.memory ?? '0';
  const pageSize = domain.memory?.hugepages?.pageSize;
  const mebibytes = Math.ceil(quantity(guest) / 2 ** 20);
  const paged = pageSize === undefined ? {} : { [`hugepages-${pageSize}`]: guest };
  const pinned = domain.cpu?.dedicatedCpuPlacement === true;
  const cores = (domain.cpu?.cores ?? 1) * (domain.cpu?.sockets ?? 1) * (domain.cpu?.threads ?? 1);
  const cpu = pinned ? String(cores) : `${cores * 100}m`;
  const memory = `${pageSize === undefined ? mebibytes + OVERHEAD : OVERHEAD}Mi`;
  const shared = { ...devices(instance, settings), ...paged };
  return {
    limits: { ...shared, ...(pinned && { cpu, memory }) },
    requests: { ...shared, cpu, memory, 'ephemeral-storage': '50M' },
  };
}

/** The container in which QEMU runs. */
export function compute(instance: Json, settings: LauncherSettings): Json {
  const { name, namespace, uid } = instance.metadata;
  const names = ['--name', name, '--uid', uid, '--namespace', namespace, '--run-as-nonroot'];
  const hypervisor = [
    '--hypervisor',
    settings.emulation ? 'qemu' : 'kvm',
    ...(settings.emulation ? ['--allow-emulation'] : []),
  ];
  const claims = claimNames(instance.spec);
  const block = claims.filter(({ claim }) => settings.isBlock(claim));
  const mounted = claims.filter(({ claim }) => !settings.isBlock(claim));
  return {
    name: 'compute',
    image: settings.launcherImage,
    imagePullPolicy: 'IfNotPresent',
    command: ['/usr/bin/virt-launcher-monitor', '--qemu-timeout', '307s', ...names, ...hypervisor],
    env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
    resources: computeResources(instance, settings),
    securityContext: { ...user, runAsGroup: 107, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
    volumeMounts: mounted.map(({ volume }) => ({
      name: volume,
      mountPath: `/var/run/kubevirt-private/vmi-disks/${volume}`,
    })),
    ...(block.length > 0 && {
      volumeDevices: block.map(({ volume }) => ({ name: volume, devicePath: `/dev/${volume}` })),
    }),
  };
}

function consoleLog(instance: Json, settings: LauncherSettings): readonly Json[] {
  if (settings.silentConsole || instance.spec.domain.devices.logSerialConsole === false) return [];
  return [
    {
      name: 'guest-console-log',
      image: settings.launcherImage,
      imagePullPolicy: 'IfNotPresent',
      command: ['/usr/bin/virt-tail'],
      args: ['--logfile', `/var/run/kubevirt-private/${instance.metadata.uid}/virt-serial0-log`],
      resources: { limits: { cpu: '15m', memory: '60M' }, requests: { cpu: '5m', memory: '35M' } },
      // A sidecar: it starts before the guest and lives as long as the pod.
      restartPolicy: 'Always',
      securityContext: user,
    },
  ];
}

/** The volumes that are images. */
export function containerDisks(instance: Json): readonly Json[] {
  return (instance.spec.volumes ?? []).filter((one: Json) => one.containerDisk !== undefined);
}

/** A container that carries a disk as its image. */
export function diskContainer(volume: Json, init: boolean): Json {
  const { image, imagePullPolicy = 'IfNotPresent' } = volume.containerDisk;
  return {
    name: `volume${volume.name}${init ? '-init' : ''}`,
    image,
    imagePullPolicy,
    command: ['/usr/bin/container-disk'],
    args: init
      ? ['--no-op']
      : ['--copy-path', `/var/run/kubevirt-ephemeral-disks/container-disk-data/disk_${volume.name}`],
    resources: {
      limits: { cpu: '10m', memory: '40M' },
      requests: { cpu: '1m', memory: '1M', 'ephemeral-storage': '50M' },
    },
    securityContext: user,
  };
}

/** What runs before the guest, and beside it: the console's log, and the disks that come as images. */
export function initContainers(instance: Json, settings: LauncherSettings): readonly Json[] {
  const disks = containerDisks(instance);
  const binary = {
    name: 'container-disk-binary',
    image: settings.launcherImage,
    imagePullPolicy: 'IfNotPresent',
    command: ['/usr/bin/cp', '--preserve=all', '/usr/bin/container-disk', '/init/usr/bin/container-disk'],
    securityContext: user,
  };
  return [
    ...consoleLog(instance, settings),
    ...(disks.length > 0 ? [binary] : []),
    ...disks.map((one) => diskContainer(one, true)),
  ];
}
