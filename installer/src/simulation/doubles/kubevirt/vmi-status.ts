import { createHash } from 'node:crypto';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { claimNames } from './vm-storage.ts';

/** A phase reached, with its time, as the status lists them. */
export function entered(instance: Json, phase: string, now: string): Json {
  const before: readonly Json[] = instance.status?.phaseTransitionTimestamps ?? [];
  return { phase, phaseTransitionTimestamps: [...before, { phase, phaseTransitionTimestamp: now }] };
}

/** The status that an instance is born with. */
export function pendingStatus(instance: Json, machineUid: string | undefined, now: string): Json {
  const { cpu = {}, memory } = instance.spec.domain;
  const guest = memory?.guest;
  return {
    ...entered(instance, 'Pending', now),
    currentCPUTopology: { cores: cpu.cores ?? 1, sockets: cpu.sockets ?? 1, threads: cpu.threads ?? 1 },
    guestOSInfo: {},
    ...(guest && { memory: { guestAtBoot: guest, guestCurrent: guest, guestRequested: guest } }),
    runtimeUser: 107,
    ...(machineUid && {
      virtualMachineRevisionName: `revision-start-vm-${machineUid}-${instance.metadata.annotations?.['kubevirt.io/vm-generation'] ?? 1}`,
    }),
  };
}

/** A stable hardware address for an interface that asks for none: always the same for the same instance name. */
function hardwareAddress(instance: Json, name: string): string {
  const digest = createHash('sha1')
    .update(`${instance.metadata.namespace}/${instance.metadata.name}/${name}`)
    .digest('hex');
  return ['02', ...(digest.slice(0, 10).match(/../g) ?? [])].join(':');
}

function networkStatus(pod: Json): readonly Json[] {
  const text = pod.metadata.annotations?.['k8s.v1.cni.cncf.io/network-status'];
  return text === undefined ? [] : JSON.parse(text);
}

function interfaces(instance: Json, pod: Json): readonly Json[] {
  const networks: readonly Json[] = instance.spec.networks ?? [];
  const attached = networkStatus(pod);
  const secondary = networks.filter((one) => one.multus !== undefined && one.multus.default !== true);
  return (instance.spec.domain.devices.interfaces ?? []).map((one: Json) => {
    const index = secondary.findIndex((network) => network.name === one.name);
    const status = index < 0 ? undefined : attached.filter((other) => other.default !== true)[index];
    const ips: readonly string[] =
      index < 0 ? (pod.status?.podIPs ?? []).map((other: Json) => other.ip) : (status?.ips ?? []);
    return {
      name: one.name,
      mac: one.macAddress ?? hardwareAddress(instance, one.name),
      ...(ips.length > 0 && { ipAddress: ips[0], ipAddresses: ips }),
      infoSource: index < 0 ? 'domain' : 'domain, multus-status',
      linkState: 'up',
      podInterfaceName: index < 0 ? 'eth0' : (status?.interface ?? `net${index + 1}`),
      queueCount: 1,
    };
  });
}

/** What each disk of an instance has; the sizes of claims change while it runs. */
export function volumeStatus(instance: Json, claims: (name: string) => KubeObject | undefined): readonly Json[] {
  const names = new Map(claimNames(instance.spec).map((one) => [one.volume, one.claim]));
  const disks: readonly Json[] = instance.spec.domain.devices.disks ?? [];
  return disks.map((disk, index) => {
    const claim = claims(names.get(disk.name) ?? '') as Json;
    const info =
      claim === undefined
        ? {}
        : {
            persistentVolumeClaimInfo: {
              claimName: claim.metadata.name,
              accessModes: claim.spec.accessModes,
              volumeMode: claim.spec.volumeMode ?? 'Filesystem',
              capacity: claim.status?.capacity,
              requests: claim.spec.resources?.requests,
            },
          };
    return { name: disk.name, target: `vd${String.fromCodePoint(97 + index)}`, ...info };
  });
}

function migratable(instance: Json, claims: (name: string) => KubeObject | undefined): Json {
  const shared = claimNames(instance.spec).every(({ claim }) =>
    ((claims(claim) as Json)?.spec.accessModes ?? []).includes('ReadWriteMany'),
  );
  if (shared) return { status: 'True' };
  const message =
    'cannot migrate VMI: PVC is not shared, live migration requires that all PVCs must be shared (using ReadWriteMany access mode)';
  return { status: 'False', reason: 'DisksNotLiveMigratable', message };
}

/** The pod has a node and its containers run: virt-handler may start the guest. */
export function scheduledStatus(instance: Json, pod: Json, now: string): Json {
  return {
    ...entered(instance, 'Scheduled', now),
    nodeName: pod.spec.nodeName,
    activePods: { [pod.metadata.uid]: pod.spec.nodeName },
    launcherContainerImageVersion: pod.spec.containers[0].image,
    qosClass: pod.status?.qosClass ?? 'Burstable',
    conditions: [
      condition(
        'Ready',
        { status: 'False', reason: 'GuestNotRunning', message: 'Guest VM is not reported as running' },
        now,
      ),
    ],
  };
}

function condition(type: string, claim: Json, now: string): Json {
  return { type, ...claim, lastProbeTime: null, lastTransitionTime: now };
}

/** QEMU runs: nothing is said about what the guest does. */
export function runningStatus(
  instance: Json,
  pod: Json,
  claims: (name: string) => KubeObject | undefined,
  now: string,
): Json {
  return {
    ...entered(instance, 'Running', now),
    interfaces: interfaces(instance, pod),
    volumeStatus: volumeStatus(instance, claims),
    machine: { type: 'pc-q35-rhel9.6.0' },
    migrationMethod: 'BlockMigration',
    conditions: [
      condition('Ready', { status: 'True' }, now),
      condition('LiveMigratable', migratable(instance, claims), now),
      condition('StorageLiveMigratable', { status: 'True' }, now),
    ],
  };
}

/** Why an instance does not come to its pod's start, told in its own conditions. */
export function waitingConditions(instance: Json, pod: Json, now: string): readonly Json[] | undefined {
  const unplaced = (pod.status?.conditions ?? []).find(
    (one: Json) => one.type === 'PodScheduled' && one.status === 'False',
  );
  const all: readonly Json[] = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const unpulled = all
    .map((one) => one.state?.waiting)
    .find((one) => ['ErrImagePull', 'ImagePullBackOff'].includes(one?.reason));
  const fresh = [
    ...(unplaced
      ? [condition('PodScheduled', { status: 'False', reason: unplaced.reason, message: unplaced.message }, now)]
      : []),
    ...(unpulled
      ? [condition('Synchronized', { status: 'False', reason: unpulled.reason, message: unpulled.message }, now)]
      : []),
  ];
  const told: readonly Json[] = instance.status?.conditions ?? [];
  const known = (list: readonly Json[]) => list.map((one) => `${one.type} ${one.reason} ${one.message}`).join('\n');
  return known(told) === known(fresh) ? undefined : fresh;
}

/** A claim that an instance needs is not there. */
export function claimMissing(claim: string, now: string): readonly Json[] {
  const message = `PVC ${claim} does not exist, waiting for it to appear`;
  return [condition('Synchronized', { status: 'False', reason: 'FailedPvcNotFound', message }, now)];
}
