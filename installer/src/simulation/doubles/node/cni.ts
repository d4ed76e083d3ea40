import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { kindPath } from '../kube-path.ts';
import { binDirOf, confDirOf } from './k3s-files.ts';

/** One interface that a pod got, as Multus writes it into `k8s.v1.cni.cncf.io/network-status`. */
export interface Attachment {
  readonly name: string;
  readonly interface: string;
  readonly ips: readonly string[];
  readonly mac: string;
  readonly default?: true;
  readonly gateway?: readonly string[];
  readonly dns: object;
}

/** What came of setting up a pod's network: its interfaces, or what containerd prints. */
export type Network =
  | { readonly attachments: readonly Attachment[]; readonly multus: boolean }
  | { readonly problem: string };

export interface Wiring {
  readonly stage: Stage;
  readonly machine: Machine;
  readonly dataDir: string;
  readonly pod: KubeObject;
  /** The pod network address set aside for this pod. */
  readonly address: string;
}

const MULTUS_NETWORKS = 'k8s.v1.cni.cncf.io/networks';

/** Sets a pod's network up the way containerd does: by the first configuration file in the CNI folder. */
export async function wire(wiring: Wiring): Promise<Network> {
  const { machine, dataDir } = wiring;
  const folder = confDirOf(dataDir);
  const first = configurations(machine, folder)[0];
  if (first === undefined) return { problem: 'cni plugin not initialized' };
  const config = parse(machine.read(`${folder}/${first}`));
  if (config === undefined)
    return {
      problem: `cni config load failed: failed to load CNI config file ${folder}/${first}: error parsing configuration: invalid character`,
    };
  if (config.type !== 'multus') return { attachments: [eth0(wiring, config.name)], multus: false };
  return throughMultus(wiring, config);
}

/** The configuration files of a CNI folder in the order in which they are preferred, by name alone. */
export function configurations(machine: Machine, folder: string): string[] {
  return machine
    .list(folder)
    .map((entry) => entry.split('/').at(-1) ?? '')
    .filter((name) => /\.(conf|conflist|json)$/.test(name))
    .toSorted();
}

async function throughMultus(wiring: Wiring, config: Json): Promise<Network> {
  const { machine, dataDir, pod } = wiring;
  const bin = binDirOf(dataDir);
  const lost = wiring.stage.bench.troubles.has('multus-binary-missing', machine.name);
  if (lost || machine.read(`${bin}/multus`) === undefined)
    return { problem: `failed to find plugin "multus" in path [${bin}]` };
  const failed = `plugin type="multus" name="${config.name}" failed (add): Multus: [${pod.metadata.namespace}/${pod.metadata.name}/${pod.metadata.uid}]`;
  if (machine.read(config.kubeconfig) === undefined) {
    return {
      problem: `${failed}: error getting k8s client: GetK8sClient: failed to get context for the kubeconfig ${config.kubeconfig}: open ${config.kubeconfig}: no such file or directory`,
    };
  }
  const attachments = [eth0(wiring, primaryName(machine, confDirOf(dataDir)))];
  for (const [index, wanted] of networksOf(pod).entries()) {
    const added = await attach(wiring, wanted, index);
    if (typeof added === 'string') return { problem: `${failed}: ${added}` };
    attachments.push(added);
  }
  return { attachments, multus: true };
}

function primaryName(machine: Machine, folder: string): string {
  const file = configurations(machine, folder).find((name) => name.endsWith('.conflist'));
  return parse(machine.read(`${folder}/${file}`))?.name ?? 'cbr0';
}

function eth0({ address, pod }: Wiring, name: string): Attachment {
  const gateway = address.replace(/\d+$/, '1');
  return {
    name,
    interface: 'eth0',
    ips: [address],
    mac: macOf(`${pod.metadata.uid} eth0`),
    default: true,
    gateway: [gateway],
    dns: {},
  };
}

interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly interface?: string;
  readonly mac?: string;
}

/** The networks annotation in both of its spellings: `ns/name@interface, …` or a JSON list. */
function networksOf(pod: KubeObject): Wanted[] {
  const text = pod.metadata.annotations?.[MULTUS_NETWORKS]?.trim() ?? '';
  const own = pod.metadata.namespace ?? 'default';
  if (text.startsWith('[')) return JSON.parse(text).map((one: Json) => ({ namespace: own, ...one }));
  const words = text === '' ? [] : text.split(',').map((word) => word.trim());
  return words.map((word) => {
    const [, namespace, name = '', link] = /^(?:([^/]+)\/)?([^@]+)(?:@(.+))?$/.exec(word) ?? [];
    return { namespace: namespace ?? own, name, ...(link === undefined ? {} : { interface: link }) };
  });
}

/** Adds one more network, or says in Multus's words why it cannot. */
async function attach(wiring: Wiring, wanted: Wanted, index: number): Promise<Attachment | string> {
  const { stage, machine, dataDir, pod } = wiring;
  const lost =
    'error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate';
  const path = `${kindPath('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', wanted.namespace)}/${wanted.name}`;
  const found = await stage.api.get(path);
  if (found === undefined) {
    return `${lost}: getKubernetesDelegate: cannot find a network-attachment-definition (${wanted.name}) in namespace (${wanted.namespace}): network-attachment-definitions.k8s.cni.cncf.io "${wanted.name}" not found`;
  }
  const config = parse(found['spec']?.config);
  if (config === undefined) return `${lost}: GetCNIConfig: err in GetCNIConfigFromSpec: error parsing configuration`;
  const plugin = config.type ?? config.plugins?.[0]?.type;
  const bin = binDirOf(dataDir);
  if (machine.read(`${bin}/${plugin}`) === undefined) {
    return `[${wanted.namespace}/${wanted.name}]: error adding container to network "${config.name ?? wanted.name}": failed to find plugin "${plugin}" in path [${bin}]`;
  }
  const ipam: Json = config.ipam ?? config.plugins?.[0]?.ipam;
  const link = wanted.interface ?? `net${index + 1}`;
  return {
    name: `${wanted.namespace}/${wanted.name}`,
    interface: link,
    ips: addressesFrom(ipam, pod),
    mac: wanted.mac ?? macOf(`${pod.metadata.uid} ${link}`),
    dns: {},
  };
}

/** host-local and static give an address; without IPAM a network is a plain wire. */
function addressesFrom(ipam: Json, pod: KubeObject): string[] {
  if (ipam?.type === 'static') return (ipam.addresses ?? []).map((one: Json) => one.address.split('/')[0]);
  const subnet: string | undefined = ipam?.subnet ?? ipam?.ranges?.[0]?.[0]?.subnet;
  if (subnet === undefined) return [];
  const last = 2 + (Number.parseInt(fingerprint(String(pod.metadata.uid)).slice(-2), 16) % 250);
  return [subnet.replace(/\d+\/\d+$/, String(last))];
}

function macOf(seed: string): string {
  const hex = fingerprint(seed);
  return ['0a', '58', ...(hex.match(/../g) ?? [])].join(':');
}

function parse(text: unknown): Json {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
