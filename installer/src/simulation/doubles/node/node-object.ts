import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { K3sConfig } from '../k3s/k3s-config.ts';
import { kibibytes } from '../quantity.ts';

/** The Kubernetes of machines whose k3s does not say what it is: the pinned release. */
const K3S_VERSION = 'v1.35.8+k3s1';
/** A containerd 2 of k3s; nothing depends on its exact version. */
const RUNTIME = 'containerd://2.1.5-k3s1';
const MOST_IMAGES = 50;

/** The Node that a kubelet registers for its machine when it starts. */
export function nodeObject(machine: Machine, config: K3sConfig): KubeObject {
  const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: config.nodeName,
      labels: nodeLabels(config),
      annotations: {
        'k3s.io/hostname': machine.name,
        'k3s.io/internal-ip': addressOf(machine),
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { taints: [taint, ...config.taints.map(taintFrom)] },
  };
}

function nodeLabels(config: K3sConfig): Record<string, string> {
  const roles = config.server ? ['control-plane', ...(config.etcd ? ['etcd'] : [])] : [];
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/instance-type': 'k3s',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': config.nodeName,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'k3s',
    ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, 'true'])),
    ...Object.fromEntries(config.labels.map((label) => [label.split('=')[0] ?? '', label.split('=')[1] ?? ''])),
  };
}

/** `key=value:Effect`, as k3s's node-taint is written. */
function taintFrom(text: string): Json {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(text) ?? [];
  return { key, effect, ...(value === undefined ? {} : { value }) };
}

/** The machine's own IPv4 address, without its prefix length. */
export function addressOf(machine: Machine): string {
  const plain = machine.addresses.map((one) => one.split('/')[0] ?? one);
  return plain.find((one) => one.includes('.') && !one.startsWith('127.')) ?? '127.0.0.1';
}

/** What the kubelet of this boot knows of its machine: versions, addresses, resources, images. */
export function nodeFacts(machine: Machine, config: K3sConfig): Json {
  return {
    addresses: [
      { type: 'InternalIP', address: addressOf(machine) },
      { type: 'Hostname', address: config.nodeName },
    ],
    ...resources(machine),
    nodeInfo: {
      architecture: 'amd64',
      bootID: machine.bootId,
      containerRuntimeVersion: RUNTIME,
      kernelVersion: machine.read('/proc/sys/kernel/osrelease')?.trim() ?? 'unknown',
      kubeProxyVersion: '',
      kubeletVersion: versionOf(machine),
      machineID: machine.read('/etc/machine-id')?.trim() ?? '',
      operatingSystem: 'linux',
      osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(machine.read('/etc/os-release') ?? '')?.[1] ?? 'Linux',
      systemUUID: machine.read('/sys/class/dmi/id/product_uuid')?.trim() ?? '',
    },
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: [...machine.images]
      .toSorted()
      .slice(0, MOST_IMAGES)
      .map((name) => ({ names: [name] })),
  };
}

function versionOf(machine: Machine): string {
  return /^k3s version (\S+)/.exec(machine.read('/usr/local/bin/k3s') ?? '')?.[1] ?? K3S_VERSION;
}

/** Huge pages are taken out of the memory that pods may have (kubernetes.io, Manage HugePages). */
function resources(machine: Machine): { capacity: Json; allocatable: Json } {
  const pages = { '2Mi': machine.hugepages['2Mi'] * 2, '1Gi': machine.hugepages['1Gi'] * 1024 };
  const common = {
    cpu: String(machine.cpus),
    pods: '110',
    'ephemeral-storage': kibibytes(machine.mountAt('/')?.size ?? 100 * 2 ** 30),
    'hugepages-2Mi': `${pages['2Mi']}Mi`,
    'hugepages-1Gi': `${pages['1Gi'] / 1024}Gi`,
  };
  const left = machine.memory - (pages['2Mi'] + pages['1Gi']) * 2 ** 20;
  return {
    capacity: { ...common, memory: kibibytes(machine.memory) },
    allocatable: { ...common, memory: kibibytes(left) },
  };
}

const HEALTHY = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
] as const;

export interface Readiness {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** A node's conditions now; transition times stay where nothing changed. */
export function nodeConditions(ready: Readiness, now: string, before: readonly Json[]): Json[] {
  const fine = HEALTHY.map(([type, reason, message]) => ({ type, status: 'False', reason, message }));
  return [...fine, { type: 'Ready', ...ready }].map((condition) => {
    const old = before.find((one) => one.type === condition.type && one.status === condition.status);
    return { ...condition, lastHeartbeatTime: now, lastTransitionTime: old?.lastTransitionTime ?? now };
  });
}
