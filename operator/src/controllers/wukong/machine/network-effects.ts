import { isDeepStrictEqual } from 'node:util';
import type { WukongNetwork, WukongSpec } from '../../../api/wukong.ts';
import type { Change, Effect } from './change-effects.ts';

const effects: Readonly<Record<Exclude<keyof WukongNetwork, 'name'>, Effect>> = {
  type: 'restart',
  // A guest stays where its NIC was plugged in until it starts, or migrates, to another place.
  nadName: 'restart',
  vlanId: 'restart',
  bridgeName: 'restart',
  physicalInterface: 'live',
  resourceName: 'restart',
  primary: 'restart',
  macAddress: 'restart',
  mtu: 'restart',
  model: 'restart',
  ipConfig: 'nextInstance',
};

/** NIC by NIC. Only bridges can be plugged while the machine runs; the pod network and hardware cannot. */
export function networkEffects(before: WukongSpec, after: WukongSpec): readonly Change[] {
  const [old, now] = [networksOf(before), networksOf(after)];
  const gone = old.filter(({ name }) => !now.some((one) => one.name === name));
  const rest = now.flatMap((network) => {
    const was = old.find(({ name }) => name === network.name);
    return was === undefined ? [change(network.name, plugged(network))] : edited(was, network);
  });
  return [...gone.map((network) => change(network.name, plugged(network))), ...rest];
}

function networksOf({ networks = [] }: WukongSpec): readonly WukongNetwork[] {
  return networks.length === 0 ? [{ name: 'default' }] : networks;
}

function plugged({ name, type = 'bridge', model = 'virtio', ipConfig }: WukongNetwork): Effect {
  const isPlain = name !== 'default' && ['bridge', 'ovs'].includes(type) && ipConfig?.mode !== 'ipam';
  return isPlain && model === 'virtio' ? 'live' : 'restart';
}

function edited(was: WukongNetwork, network: WukongNetwork): readonly Change[] {
  return Object.entries(effects).flatMap(([field, effect]) => {
    const [before, after] = [was[field as keyof WukongNetwork], network[field as keyof WukongNetwork]];
    if (isDeepStrictEqual(before, after)) return [];
    const isPool = field === 'ipConfig' && (was.ipConfig?.mode === 'ipam' || network.ipConfig?.mode === 'ipam');
    return [change(`${network.name}.${field}`, isPool ? 'restart' : effect)];
  });
}

function change(path: string, effect: Effect): Change {
  return { what: `the network ${path}`, effect };
}
