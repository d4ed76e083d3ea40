import type { Json } from '#kube/json';
import {
  compute,
  containerDisks,
  diskContainer,
  initContainers,
  type LauncherSettings,
} from './launcher-containers.ts';
import { claimNames } from './vm-storage.ts';

const scratch = [
  'private',
  'public',
  'sockets',
  'virt-bin-share-dir',
  'libvirt-runtime',
  'ephemeral-disks',
  'container-disks',
  'hotplug-disks',
];

function annotations(instance: Json): Readonly<Record<string, string>> {
  const secondary: readonly Json[] = (instance.spec.networks ?? []).filter(
    (one: Json) => one.multus !== undefined && one.multus.default !== true,
  );
  const selections = secondary.map((one, index) => {
    const [name, namespace = instance.metadata.namespace] = one.multus.networkName.split('/').toReversed();
    return { name, namespace, interface: `pod${index.toString(16).padStart(11, '0')}` };
  });
  return {
    'kubectl.kubernetes.io/default-container': 'compute',
    'kubevirt.io/domain': instance.metadata.name,
    'kubevirt.io/migrationTransportUnix': 'true',
    'kubevirt.io/vm-generation': instance.metadata.annotations?.['kubevirt.io/vm-generation'] ?? '1',
    ...(selections.length > 0 && { 'k8s.v1.cni.cncf.io/networks': JSON.stringify(selections) }),
  };
}

function nodeSelector(instance: Json): Json {
  const type = instance.spec.domain.machine?.type ?? 'q35';
  return {
    'kubernetes.io/arch': instance.spec.architecture ?? 'amd64',
    'kubevirt.io/schedulable': 'true',
    [`machine-type.node.kubevirt.io/${type}`]: 'true',
    ...(instance.spec.domain.cpu?.dedicatedCpuPlacement === true && { cpumanager: 'true' }),
    ...instance.spec.nodeSelector,
  };
}

function metadataOf(instance: Json, suffix: string): Json {
  const { name, namespace, uid, labels } = instance.metadata;
  const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', name, uid };
  return {
    name: `virt-launcher-${name}-${suffix}`,
    namespace,
    annotations: annotations(instance),
    labels: {
      ...labels,
      'kubevirt.io': 'virt-launcher',
      'kubevirt.io/created-by': uid,
      'vm.kubevirt.io/name': name,
      'vmi.kubevirt.io/id': name,
    },
    ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
  };
}

function volumesOf(instance: Json): readonly Json[] {
  const claims = claimNames(instance.spec);
  return [
    ...scratch.map((one) => ({ name: one, emptyDir: {} })),
    ...claims.map(({ volume, claim }) => ({ name: volume, persistentVolumeClaim: { claimName: claim } })),
  ];
}

/** The virt-launcher pod of a virtual machine instance, in the shape that virt-controller v1.8.4 gives it. */
export function launcherPod(instance: Json, settings: LauncherSettings, suffix: string): Json {
  const { hostname, terminationGracePeriodSeconds = 30, tolerations } = instance.spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(instance, suffix),
    spec: {
      automountServiceAccountToken: false,
      containers: [compute(instance, settings), ...containerDisks(instance).map((one) => diskContainer(one, false))],
      initContainers: initContainers(instance, settings),
      enableServiceLinks: false,
      hostname: hostname ?? instance.metadata.name,
      nodeSelector: nodeSelector(instance),
      readinessGates: [{ conditionType: 'kubevirt.io/virtual-machine-unpaused' }],
      restartPolicy: 'Never',
      securityContext: { fsGroup: 107, runAsGroup: 107, runAsNonRoot: true, runAsUser: 107 },
      terminationGracePeriodSeconds: terminationGracePeriodSeconds + 30,
      ...(tolerations && { tolerations }),
      volumes: volumesOf(instance),
    },
  };
}
