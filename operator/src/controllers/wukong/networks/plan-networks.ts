import type { KubeObject } from '#kube/object';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import type { NetworksPlan, Verdict } from '../plan.ts';
import { leaving } from './leaving.ts';
import { type NetworkPlan, planNetwork } from './plan-network.ts';
import type { NetworksSeen } from './seen.ts';

/** What the networks of a Wukong want. Pure: the same input gives the same objects, whoever else shares a bridge. */
export function planNetworks(wukong: Wukong, seen: NetworksSeen): NetworksPlan {
  const plans = networksOf(wukong).map((network) => planNetwork(wukong, network, seen));
  const leavers = leaving(new Set(plans.map(({ name }) => name)), seen);
  const mistakes = plans.flatMap((one) => one.mistakes);
  return {
    objects: once(plans.flatMap(({ objects }) => objects)),
    interfaces: [...plans.map((one) => one.interface), ...leavers.interfaces],
    networks: [...plans.map(({ network }) => network), ...leavers.networks],
    nics: plans.map(({ nic }) => nic),
    verdict: verdictOf(wukong, plans),
    // A machine that misses a NIC is worse than none.
    ready: mistakes.length === 0 && plans.every(({ troubles }) => troubles.length === 0),
    mistakes,
  };
}

/** A Wukong that names no network is on the pod network. */
export function networksOf({ spec }: Wukong): readonly WukongNetwork[] {
  return spec.networks === undefined || spec.networks.length === 0 ? [{ name: 'default' }] : spec.networks;
}

function verdictOf(wukong: Wukong, plans: readonly NetworkPlan[]): Verdict {
  const troubles = plans.flatMap(({ name, troubles: all }) => all.map((one) => ({ ...one, name })));
  const [first] = troubles;
  if (first !== undefined) return { status: 'False', reason: first.reason, message: told(troubles) };
  const [mistake, ...others] = plans.flatMap(({ mistakes }) => mistakes);
  if (mistake !== undefined) {
    const message = [mistake, ...others].map((one) => one.message).join('; ');
    return { status: 'False', reason: mistake.reason, message };
  }
  if ((wukong.spec.networks ?? []).length === 0) {
    const message = 'no network is named, so the machine is on the pod network';
    return { status: 'True', reason: 'NoNetworksRequested', message };
  }
  const remarks = plans.flatMap(({ name, remark }) => (remark === undefined ? [] : [{ name, message: remark }]));
  const message = remarks.length === 0 ? 'every network is ready' : `every network is ready; ${told(remarks)}`;
  return { status: 'True', reason: 'NetworksReady', message };
}

function told(all: readonly { readonly name: string; readonly message: string }[]): string {
  return all.map(({ name, message }) => `network ${name}: ${message}`).join('; ');
}

/** Two VLANs of one bridge ask for the same policy. */
function once(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map(objects.map((one) => [`${one.kind} ${one.metadata.name}`, one])).values()];
}
