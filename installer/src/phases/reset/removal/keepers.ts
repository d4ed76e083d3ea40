import type { Json } from '#kube/json';
import type { ClusterSight } from '#ports/cluster';

/** Who takes a finalizer off again: a workload without which nobody ever will. */
export interface Keeper {
  readonly kind: 'Deployment' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
}

const deployment = (namespace: string, name: string): Keeper => ({ kind: 'Deployment', namespace, name });

/** Finalizers of the components, by their text. Any other one is somebody else's, and is left alone. */
const keepers: readonly (readonly [finalizer: RegExp, keeper: Keeper])[] = [
  [/^foregroundDeleteKubeVirt$/, deployment('kubevirt', 'virt-operator')],
  [/^operator\.cdi\.kubevirt\.io$/, deployment('cdi', 'cdi-operator')],
  [/^cdi\.kubevirt\.io\//, deployment('cdi', 'cdi-deployment')],
  [/^(\w+\.)?kubevirt\.io\/|^foregroundDeleteVirtualMachine$/, deployment('kubevirt', 'virt-controller')],
  [/^longhorn\.io(\/|$)/, { kind: 'DaemonSet', namespace: 'longhorn-system', name: 'longhorn-manager' }],
  [/^external-provisioner\.volume\.kubernetes\.io\//, deployment('longhorn-system', 'csi-provisioner')],
  [/^external-attacher\/driver-longhorn-io$/, deployment('longhorn-system', 'csi-attacher')],
  [/^snapshot\.storage\.kubernetes\.io\//, deployment('kube-system', 'snapshot-controller')],
  [/^wukong\.novasphere\.dev\//, deployment('novasphere-system', 'wukong-operator')],
  [/^(finalizer\.)?acme\.cert-manager\.io/, deployment('cert-manager', 'cert-manager')],
];

export function keeperOf(finalizer: string): Keeper | undefined {
  return keepers.find(([pattern]) => pattern.test(finalizer))?.[1];
}

/** Why nobody takes the finalizer off, as a sentence; undefined while somebody can. */
export async function absence(keeper: Keeper, cluster: ClusterSight): Promise<string | undefined> {
  const live: Json = await cluster.get({ apiVersion: 'apps/v1', ...keeper });
  const name = `${keeper.kind} ${keeper.namespace}/${keeper.name}`;
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return `${name} is gone`;
  const ready = keeper.kind === 'Deployment' ? live.status?.availableReplicas : live.status?.numberReady;
  return ready > 0 ? undefined : `${name} has no pod that is ready`;
}
