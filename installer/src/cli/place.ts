import { isLikelySameMachine, isSameMachine, type MachineIdentity, type NodeIdentity } from '#facts/machine-identity';
import type { Inventory } from '#ports/facts';
import { nodeOf } from '#profile/match';
import type { Profile } from '#profile/schema';
import { anotherIsRegistered, contradiction, otherCluster } from './place-faults.ts';

/** Everything by which it is told where this run is. */
export interface Evidence {
  readonly profile: Profile;
  /** `own`: the one that k3s writes on its nodes. `given`: any other, named on the command line. */
  readonly kubeconfig: 'own' | 'given';
  readonly machine: MachineIdentity;
  readonly hardware: Inventory['machine'];
  /** The Nodes of the cluster; undefined while no cluster answers. */
  readonly nodes: readonly NodeIdentity[] | undefined;
}

/** What this machine is to the profile and its cluster, and with that, what a run may do from here. */
export interface Place {
  /** The node of the profile that this machine is; undefined when it is none, and then no step may touch it. */
  readonly node: string | undefined;
  /** Whether the phases of the cluster are run from here. */
  readonly drives: boolean;
  readonly warnings: readonly string[];
}

/** Pure. Throws MATCH-NONE or MATCH-CLUSTER when profile, machine and cluster contradict each other. */
export function placeOf(evidence: Evidence): Place {
  const { nodes, kubeconfig } = evidence;
  if (nodes === undefined) return asProfileSays(evidence);
  const isThis = kubeconfig === 'own' ? isLikelySameMachine : isSameMachine;
  const found = nodes.find((node) => isThis(node, evidence.machine));
  if (found !== undefined) return asNode(evidence, nodes, found);
  return kubeconfig === 'own' ? notRegistered(evidence, nodes) : outside(evidence, nodes);
}

/** The cluster is not there yet: the profile alone knows which machine this is. */
function asProfileSays({ profile, hardware }: Evidence): Place {
  const which = nodeOf(profile, { machine: hardware });
  if ('fault' in which) throw which.fault;
  return at(profile, which.node.name, which.warnings);
}

/** The cluster knows this machine. The profile must not know it as another one. */
function asNode(evidence: Evidence, nodes: readonly NodeIdentity[], found: NodeIdentity): Place {
  const { profile, hardware, kubeconfig } = evidence;
  const isNamed = profile.nodes.some(({ name }) => name === found.name);
  if (kubeconfig === 'given' && !isNamed) return outside(evidence, nodes);
  const which = nodeOf(profile, { machine: hardware });
  if (!('fault' in which) && which.node.name !== found.name) throw contradiction(found.name, which.node.name);
  if (!isNamed) throw otherCluster(profile, nodes);
  const named = nodeOf(profile, { machine: hardware }, found.name);
  // A serial number that is another one: the profile is of another machine with the same name.
  if ('fault' in which && !('fault' in named) && named.warnings.length > 0) throw which.fault;
  const warnings = 'fault' in which ? [] : which.warnings;
  return { ...at(profile, found.name, warnings), ...(kubeconfig === 'given' ? { drives: true } : {}) };
}

/** The cluster runs here and does not know this machine yet: its kubelet has still to register. */
function notRegistered(evidence: Evidence, nodes: readonly NodeIdentity[]): Place {
  const place = asProfileSays(evidence);
  const other = nodes.find(({ name }) => name === place.node);
  if (other !== undefined) throw anotherIsRegistered(other, evidence.machine);
  return place;
}

/** A laptop, a build machine, a node of another cluster. It must at least be the cluster of the profile. */
function outside({ profile }: Evidence, nodes: readonly NodeIdentity[]): Place {
  const names = new Set(nodes.map(({ name }) => name));
  if (!profile.nodes.every(({ name }) => names.has(name))) throw otherCluster(profile, nodes);
  const own = new Set(profile.nodes.map(({ name }) => name));
  const more = [...names].filter((name) => !own.has(name));
  const verb = more.length === 1 ? 'is' : 'are';
  const warnings =
    more.length === 0
      ? []
      : [`${more.join(', ')} ${verb} in the cluster and not in the profile; it is set up for the nodes of the profile`];
  return { node: undefined, drives: true, warnings };
}

/** The first server drives the cluster of its own accord; the others leave that to it. */
function at(profile: Profile, node: string, warnings: readonly string[]): Place {
  const first = profile.nodes.find(({ role }) => role === 'server')?.name;
  return { node, drives: node === first, warnings };
}
