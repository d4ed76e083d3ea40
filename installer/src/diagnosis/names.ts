import type { Json } from '#kube/json';
import type { Role } from './signatures/signature.ts';

/** `Deployment longhorn-system/longhorn-ui`, `Node plant-7-a`. */
export function objectName({ kind, metadata }: Json): string {
  const { namespace, name } = metadata;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

interface Part {
  readonly name: string;
  readonly namespace: string;
  /** Workloads, by the beginning of their names. */
  readonly workloads: RegExp;
}

/** What people call the workloads of the platform, the particular ones before the rest of their component. */
const parts: readonly Part[] = [
  { name: 'CoreDNS', namespace: 'kube-system', workloads: /^coredns/ },
  { name: 'metrics-server', namespace: 'kube-system', workloads: /^metrics-server/ },
  { name: 'Multus', namespace: 'kube-system', workloads: /^kube-multus/ },
  { name: 'snapshot-controller', namespace: 'kube-system', workloads: /^snapshot-controller/ },
  { name: 'Longhorn webhook', namespace: 'longhorn-system', workloads: /^longhorn-manager/ },
  { name: 'Longhorn CSI', namespace: 'longhorn-system', workloads: /^(csi-|longhorn-csi)/ },
  { name: 'Longhorn', namespace: 'longhorn-system', workloads: /./ },
  { name: 'virt-handler', namespace: 'kubevirt', workloads: /^virt-handler/ },
  { name: 'KubeVirt', namespace: 'kubevirt', workloads: /./ },
  { name: 'CDI', namespace: 'cdi', workloads: /./ },
  { name: 'NMState', namespace: 'nmstate', workloads: /./ },
  { name: 'cert-manager', namespace: 'cert-manager', workloads: /./ },
  { name: 'Wukong operator', namespace: 'novasphere-system', workloads: /./ },
];

/** What a workload is called in a list of consequences. */
export function partOf(namespace: string | undefined, workload: string): string | undefined {
  return parts.find((part) => part.namespace === namespace && part.workloads.test(workload))?.name;
}

const components: readonly (readonly [string, RegExp])[] = [
  ['CoreDNS', /^CoreDNS$/],
  ['Longhorn', /^Longhorn/],
  ['snapshot-controller', /^snapshot-controller$/],
  ['Multus', /^Multus$/],
  ['NMState', /^NMState$/],
  ['KubeVirt', /^(KubeVirt|virt-handler)$/],
  ['CDI', /^CDI$/],
  ['cert-manager', /^cert-manager$/],
  ['Wukong operator', /^Wukong operator$/],
];

/** The components of the platform that these workloads belong to, in the order of their installation. */
export function componentsOf(workloads: readonly Json[]): readonly string[] {
  const names = new Set(workloads.map(({ metadata }) => partOf(metadata.namespace, metadata.name) ?? ''));
  return components.filter(([, pattern]) => [...names].some((name) => pattern.test(name))).map(([name]) => name);
}

/** The workload behind a pod, as a person knows it: the Deployment and not the ReplicaSet in between. */
export function ownerOf(pod: Json): { readonly kind: string; readonly name: string } | undefined {
  const owners: readonly Json[] = pod.metadata.ownerReferences ?? [];
  const owner = owners.find((one) => one.controller === true) ?? owners[0];
  if (owner === undefined || owner.kind === 'Node') return undefined;
  if (owner.kind !== 'ReplicaSet') return { kind: owner.kind, name: owner.name };
  return { kind: 'Deployment', name: owner.name.replace(/-[^-]+$/, '') };
}

/** How a pod is listed among consequences: by the part of the platform, else by its workload. */
export function podName(pod: Json): string {
  const { namespace, name } = pod.metadata;
  const owner = ownerOf(pod);
  return partOf(namespace, owner?.name ?? name) ?? `${owner?.kind ?? 'Pod'} ${namespace}/${owner?.name ?? name}`;
}

const roles: Readonly<Record<Role, readonly [string, string, string]>> = {
  coredns: ['kube-system', 'k8s-app', 'kube-dns'],
  multus: ['kube-system', 'app', 'multus'],
  'longhorn-manager': ['longhorn-system', 'app', 'longhorn-manager'],
  cainjector: ['cert-manager', 'app.kubernetes.io/component', 'cainjector'],
  'virt-handler': ['kubevirt', 'kubevirt.io', 'virt-handler'],
  'virt-operator': ['kubevirt', 'kubevirt.io', 'virt-operator'],
  'nmstate-handler': ['nmstate', 'component', 'kubernetes-nmstate-handler'],
};

export function plays(pod: Json, role: Role): boolean {
  const [namespace, label, value] = roles[role];
  return pod.metadata.namespace === namespace && pod.metadata.labels?.[label] === value;
}

/** The pods of a part of the platform; with a node, those on it alone. */
export function podsOf(pods: readonly Json[], role: Role, node?: string): readonly Json[] {
  return pods.filter((pod) => plays(pod, role) && (node === undefined || pod.spec.nodeName === node));
}
