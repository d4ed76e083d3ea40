import type { Json } from '#kube/json';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import { allOf, definitionsOf, type Kind, kindOf } from '../removal/kinds.ts';
import { parts } from '../removal/parts.ts';

/** A virtual machine as its owner named it: the Wukong, or the VirtualMachine, or the instance alone. */
export interface Machine {
  /** `namespace/name`, as `--with-vm` takes it. */
  readonly name: string;
  /** `Running`, `Stopped` … in the words of its kind; empty when it says nothing. */
  readonly state: string;
  readonly object: KubeObject;
}

/** Namespaces of our own trials: what is there is nobody's. */
const ours = ['novasphere-verify', 'novasphere-system'];

const machineKinds = ['Wukong', 'VirtualMachinePool', 'VirtualMachineInstanceReplicaSet', 'VirtualMachine'];
const instance = 'VirtualMachineInstance';
/** KubeVirt lets go of what a snapshot holds only once the snapshot itself goes. */
const snapshotKinds = ['WukongSnapshot', 'VirtualMachineSnapshot', 'VirtualMachineSnapshotContent'];
/** Owners before what they own; any other kind has the place of the empty word. */
const order = [...machineKinds, instance, '', ...snapshotKinds];
/** Objects of KubeVirt's groups that are no workload: its own resource, and what machines may be made from. */
const templates = /^(KubeVirt|VirtualMachine(Cluster)?(Instancetype|Preference)|MigrationPolicy)$/;

/** Kinds of machines and of what belongs to them, in the order in which they go. */
export async function workloadKinds(cluster: ClusterSight): Promise<readonly Kind[]> {
  const isGroup = (group: string) => parts.operator.isGroup(group) || parts.kubevirt.isGroup(group);
  const kinds = (await definitionsOf(cluster, isGroup)).map(kindOf).filter(({ kind }) => !templates.test(kind));
  const rank = ({ kind }: Kind) => {
    const at = order.indexOf(kind);
    return at >= 0 ? at : order.indexOf('');
  };
  return kinds.toSorted((one, other) => rank(one) - rank(other));
}

/**
 * Everybody's virtual machines; one that was made for another object is named as that one, also when a run that was cut
 * has removed it already: consent was for the name.
 */
export async function machinesIn(cluster: ClusterSight): Promise<readonly Machine[]> {
  const kinds = (await workloadKinds(cluster)).filter(({ kind }) => machineKinds.includes(kind) || kind === instance);
  const all = (await allOf(cluster, kinds)).filter(isSomebodys);
  const uids = new Set(all.map(({ metadata }) => metadata.uid));
  const isMade = ({ metadata }: KubeObject) => (metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid));
  return all.filter((one) => !isMade(one)).map((object) => ({ name: ownName(object), state: stateOf(object), object }));
}

function ownName(object: KubeObject): string {
  const { namespace, ownerReferences = [] } = object.metadata;
  const owner = ownerReferences.find(({ kind }) => machineKinds.includes(kind));
  return owner === undefined ? fullName(object) : `${namespace}/${owner.name}`;
}

export function isSomebodys({ metadata }: { readonly metadata: { readonly namespace?: string } }): boolean {
  return !ours.includes(metadata.namespace ?? '');
}

export function fullName({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** A machine exactly as consent names it. */
export function machineTarget(name: string): string {
  return `virtual machine ${name}`;
}

function stateOf({ status }: Json): string {
  const state = status?.printableStatus ?? status?.phase;
  return typeof state === 'string' ? state : '';
}
