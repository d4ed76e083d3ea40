import type { KubeObject } from '#kube/object';
import type { WantedBridge } from './bridge-users.ts';
import { type NodeNetwork, nodeNetwork, portsOf, standingOn } from './node-network.ts';
import type { BridgeWish } from './policy.ts';
import type { NetworksSeen } from './seen.ts';

/** Either why the uplink is not to be touched, or what becomes of its address. */
export type Judgement = { readonly refusal: string } | { readonly address: BridgeWish['address'] };

/**
 * Whether a bridge may be made over a NIC of these nodes. A mistake here cuts a node off, so what cannot be seen is
 * refused; a policy that is there already has been judged, and what it has made does not speak against it.
 */
export function judge(
  wanted: WantedBridge,
  nodes: readonly KubeObject[],
  isJudged: boolean,
  { nodeStates, settings }: NetworksSeen,
): Judgement {
  const leased: boolean[] = [];
  for (const node of nodes) {
    const { name } = node.metadata;
    const network = nodeNetwork(node, nodeStates);
    if (network === undefined && isJudged) continue;
    if (network === undefined) return unseen(name, wanted);
    const refusal = isJudged ? undefined : foreign(name, wanted, network);
    if (refusal !== undefined) return { refusal };
    const touched = new Set([wanted.uplink, wanted.bridge, ...standingOn(wanted.uplink, network)]);
    const carriers = [...network.carriers].filter((one) => touched.has(one));
    if (carriers.length === 0) continue;
    const other = carriers.find((one) => one !== wanted.uplink);
    if (!settings.allowNodeNic || other !== undefined || wanted.type === 'ovs')
      return { refusal: carried(name, wanted, other ?? wanted.uplink) };
    leased.push(network.interfaces.get(wanted.uplink)?.ipv4?.dhcp === true);
  }
  if (leased.length === 0) return { address: 'none' };
  return moved(wanted, leased.length === nodes.length, leased);
}

/** One policy is for all nodes, so they have to be alike. */
function moved({ uplink }: WantedBridge, isEverywhere: boolean, leased: readonly boolean[]): Judgement {
  if (!isEverywhere || new Set(leased).size > 1) {
    const why = `${uplink} does not carry the node’s own address in the same way on every node`;
    return { refusal: `${why}; name the nodes that are alike with highAvailability.nodeSelector` };
  }
  return { address: leased[0] === true ? 'moves and is leased' : 'moves with its routes' };
}

function unseen(node: string, { uplink }: WantedBridge): Judgement {
  const why = `NMState has not reported the interfaces of the node ${node}, so nobody can tell what ${uplink} carries there`;
  return { refusal: `${why}; see that the NMState handler runs on it` };
}

/** What is there under the name of the bridge, or over its uplink, and was not made for it. */
function foreign(
  node: string,
  { bridge, uplink, type }: WantedBridge,
  { interfaces }: NodeNetwork,
): string | undefined {
  const there = interfaces.get(bridge);
  const kind = type === 'ovs' ? 'ovs-bridge' : 'linux-bridge';
  if (there !== undefined && there.type !== kind)
    return `${bridge} is an interface of the type ${there.type} on the node ${node}; give another bridgeName`;
  if (there !== undefined && !portsOf(there).includes(uplink))
    return `${bridge} is on the node ${node} already, without ${uplink}; give another bridgeName, or leave out physicalInterface`;
  const owner: string | undefined = interfaces.get(uplink)?.controller;
  if (owner === undefined || owner === '' || owner === bridge) return undefined;
  return `${uplink} belongs to ${owner} on the node ${node}; name another NIC`;
}

function carried(node: string, { uplink, bridge }: WantedBridge, carrier: string): string {
  const through = carrier === uplink ? uplink : `${carrier}, which has to do with ${uplink} or ${bridge},`;
  const why = `${through} carries the own address or the default route of the node ${node}`;
  return `${why}; name another NIC, or make the bridge on the nodes by hand and leave out physicalInterface`;
}
