import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import { covers } from '../covers.ts';
import { bridgeUsers, isAllowed, rivalOf, sharedSelector, type WantedBridge } from './bridge-users.ts';
import { bridgeOf, wantsUplink } from './keys.ts';
import { type BridgeWish, bridgePolicy, capturedUplink, isOperators, policyName } from './policy.ts';
import { noNode, policyTrouble } from './policy-progress.ts';
import type { NetworksSeen, NetworkTrouble } from './seen.ts';
import { judge } from './uplink-guard.ts';

/** What a bridge over a NIC of the nodes needs. */
export interface UplinkPlan {
  readonly objects: readonly KubeObject[];
  readonly trouble?: NetworkTrouble;
  /** What the user should know although nothing is wrong. */
  readonly remark?: string;
}

const byHand = 'make the bridge on the nodes by hand and leave out physicalInterface';

/** Host networks are changed only where the operator may do so at all, and over the uplinks that it may use. */
export function planUplink(wukong: Wukong, network: WukongNetwork, seen: NetworksSeen): UplinkPlan {
  const { physicalInterface: uplink, type } = network;
  if (!wantsUplink(network) || uplink === undefined) return { objects: [] };
  const bridge = bridgeOf(network);
  if (!seen.settings.nmstate) {
    const why = `physicalInterface ${uplink} is not acted upon, because the operator runs without NMState`;
    return { objects: [], remark: `${why}: the bridge ${bridge} has to be on the nodes already` };
  }
  if (!isAllowed({ bridge, uplink }, seen.settings)) {
    const why = `${uplink} is not among the uplinks that the operator may use for ${bridge}`;
    return refused('UplinkRefused', `${why}; ask whoever runs the operator to allow it, or ${byHand}`);
  }
  if (!seen.serves.nncp) {
    const why = `the bridge ${bridge} over ${uplink} is for NMState to make, which is not installed`;
    return refused('NMStateNotInstalled', `${why}; install kubernetes-nmstate, or ${byHand}`);
  }
  return planPolicy(wukong, { bridge, uplink, type: type === 'ovs' ? 'ovs' : 'bridge' }, seen);
}

function planPolicy(wukong: Wukong, wanted: WantedBridge, seen: NetworksSeen): UplinkPlan {
  const live = seen.policy(policyName(wanted.bridge));
  const users = bridgeUsers(wukong, wanted.bridge, seen);
  const conflict = foreignPolicy(live, wanted) ?? rivalOf(users, wanted);
  if (conflict !== undefined) return refused('PolicyConflict', conflict);
  const nodeSelector = sharedSelector(users, seen.settings);
  const nodes = seen.nodes.filter(({ metadata }) => covers(metadata.labels ?? {}, nodeSelector));
  if (nodes.length === 0) return { objects: [], trouble: noNode(wanted.bridge) };
  // Captured once: to write it anew would capture a NIC that has given its address away.
  if (live !== undefined && capturedUplink(live) !== undefined)
    return withTrouble([], policyTrouble(live, live, wanted));
  const judgement = judge(wanted, nodes, isFor(live, { ...wanted, nodeSelector, address: 'none' }), seen);
  if ('refusal' in judgement) return refused('UplinkRefused', judgement.refusal);
  const policy = bridgePolicy({ ...wanted, nodeSelector, address: judgement.address });
  return withTrouble([policy], policyTrouble(live, policy, wanted));
}

/** Whether a policy puts the same bridge over the same NIC of the same nodes. */
function isFor(live: KubeObject | undefined, wish: BridgeWish): boolean {
  const wanted: Json = bridgePolicy(wish)['spec'];
  const spec: Json = live?.['spec'];
  return covers(spec, wanted) && covers(wanted.nodeSelector ?? {}, spec.nodeSelector ?? {});
}

/** What is there under the policy's name and cannot be made into what is wanted. */
function foreignPolicy(live: KubeObject | undefined, { bridge, uplink }: WantedBridge): string | undefined {
  if (live === undefined) return undefined;
  const { name } = live.metadata;
  if (!isOperators(live))
    return `the policy ${name} was not made by the operator; delete it, or give another bridgeName`;
  const captured = capturedUplink(live);
  if (captured === undefined || captured === uplink) return undefined;
  const why = `the policy ${name} has put ${bridge} over ${captured}, with the own address of a node`;
  return `${why}; name that NIC, or give another bridgeName`;
}

function withTrouble(objects: readonly KubeObject[], trouble: NetworkTrouble | undefined): UplinkPlan {
  return trouble === undefined ? { objects } : { objects, trouble };
}

function refused(reason: NetworkTrouble['reason'], message: string): UplinkPlan {
  return { objects: [], trouble: { reason, message } };
}
