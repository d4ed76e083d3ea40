import { Fault } from '#engine/fault';
import type { MachineIdentity, NodeIdentity } from '#facts/machine-identity';
import type { Profile } from '#profile/schema';

/** Profile and cluster have other nodes: steps that name a node would wait for ever, or work for another site. */
export function otherCluster(profile: Profile, nodes: readonly NodeIdentity[]): Fault {
  const there = new Set(nodes.map(({ name }) => name));
  const missing = profile.nodes.map(({ name }) => name).filter((name) => !there.has(name));
  return new Fault({
    code: 'MATCH-CLUSTER',
    message: `the cluster has no ${missing.length === 1 ? 'node' : 'nodes'} ${missing.join(', ')}, which the profile names`,
    where: ['nodes'],
    evidence: [
      `nodes of the profile: ${profile.nodes.map(({ name }) => name).join(', ')}`,
      `nodes of the cluster: ${[...there].join(', ') || 'none'}`,
    ],
    remedy: [
      'name the kubeconfig of the cluster that the profile describes: --kubeconfig FILE',
      'or name the nodes in the profile as `kubectl get nodes` does',
    ],
  });
}

export function contradiction(inCluster: string, inProfile: string): Fault {
  return new Fault({
    code: 'MATCH-CLUSTER',
    message: `this machine is the node ${inCluster} of the cluster, but the node ${inProfile} of the profile`,
    where: ['nodes'],
    remedy: [
      `name the node ${inCluster} in the profile, or use the profile of this cluster`,
      'kubectl get nodes -o wide          which machines the cluster knows',
    ],
  });
}

/** The cluster answers as on one of its nodes, and says that the node is another machine. */
export function anotherIsRegistered(node: NodeIdentity, machine: MachineIdentity): Fault {
  return new Fault({
    code: 'HOST-OUT-OF-REACH',
    message: `the cluster that answers here knows another machine as its node ${node.name}`,
    where: [`object Node ${node.name}`],
    evidence: [
      `machine id of this machine: ${machine.machineID || 'none'}`,
      `machine id of the node: ${node.machineID || 'none'}`,
    ],
    remedy: [
      'journalctl --unit k3s --lines 50          why the kubelet of this machine has not registered',
      'novasphere apply PROFILE --from longhorn --kubeconfig FILE          drives the cluster of another machine',
    ],
  });
}
